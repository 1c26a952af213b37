#include "core/plan/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace stratem::core {
namespace {

/// Uniform numbers that are the same with every standard library.
class Uniform {
 public:
  explicit Uniform(std::uint64_t seed) : engine_(seed) {}
  double operator()(double low, double high) {
    return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
  }
  double log(double low, double high) { return std::exp((*this)(std::log(low), std::log(high))); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace

ModelSet random_models(const EnsembleRange& range, const std::vector<int>& layers, int per_count,
                       std::uint64_t seed, double thinnest) {
  Uniform uniform(seed);
  ModelSet set;
  set.layers = *std::ranges::max_element(layers);
  const auto columns = static_cast<std::size_t>(set.layers);
  for (const int count : layers) {
    for (int p = 0; p < per_count; ++p) {
      ++set.models;
      set.layer_count.push_back(count);
      const double deepest = uniform(50.0, 300.0);
      std::vector<double> depth{0.0};
      for (int i = 1; i < count; ++i) depth.push_back(uniform(2.0, deepest));
      std::ranges::sort(depth);
      const auto size = static_cast<std::size_t>(set.models);
      for (int i = 0; i < count; ++i) {
        set.resistivity.push_back(uniform.log(range.least_resistivity, range.most_resistivity));
      }
      set.resistivity.resize(size * columns);
      for (std::size_t i = 1; i < depth.size(); ++i) {
        set.thickness.push_back(std::max(depth[i] - depth[i - 1], thinnest));
      }
      set.thickness.resize(size * (columns - 1));
      if (range.least_height) {
        set.height.push_back(uniform(*range.least_height, *range.most_height));
      }
    }
  }
  return set;
}

}  // namespace stratem::core
