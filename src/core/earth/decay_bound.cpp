#include "core/earth/decay_bound.hpp"

#include <limits>

#include "base/constants.hpp"

namespace stratem::core {

DecayBound::DecayBound(const LayeredModel& model) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::size_t layers = model.resistivity.size();
  for (const double resistivity : model.resistivity) permeance_.push_back(base::mu0 / resistivity);
  sheet_.assign(layers, 0.0);
  for (std::size_t i = 0; i < layers; ++i) {
    if (!model.chargeability.empty() || permeance_[layers - 1] > permeance_[i]) {
      sheet_[i] = infinity;
      continue;
    }
    for (std::size_t j = 0; j + 1 < layers; ++j) {
      if (permeance_[j] > permeance_[i]) sheet_[i] += permeance_[j] * model.thickness[j];
    }
  }
}

std::size_t DecayBound::kept(std::span<const double> wavenumber, double shortest) const {
  const auto end = std::ranges::partition_point(
      wavenumber, [&](double lambda) { return shortest * lambda * lambda <= (*this)(lambda); });
  return static_cast<std::size_t>(end - wavenumber.begin());
}

}  // namespace stratem::core
