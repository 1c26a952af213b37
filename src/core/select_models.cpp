#include "stratem/models.hpp"

namespace stratem {

ModelSet select_models(const ModelBatch& models, const std::vector<std::int64_t>& numbers) {
  ModelSet set;
  set.models = static_cast<std::int64_t>(numbers.size());
  set.layers = models.layers;
  const auto copy = [&](const MatrixView<const double>& from, std::vector<double>& to) {
    if (from.empty()) return;
    for (const auto number : numbers) {
      for (std::int64_t i = 0; i < from.columns(); ++i) to.push_back(from(number, i));
    }
  };
  copy(models.resistivity, set.resistivity);
  copy(models.thickness, set.thickness);
  copy(models.depth, set.depth);
  copy(models.chargeability, set.chargeability);
  copy(models.time_constant, set.time_constant);
  copy(models.exponent, set.exponent);
  for (const auto number : numbers) {
    if (!models.layer_count.empty()) set.layer_count.push_back(models.layer_count[number]);
    if (!models.height.empty()) set.height.push_back(models.height[number]);
  }
  return set;
}

}  // namespace stratem
