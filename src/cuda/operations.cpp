#include "cuda/operations.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "base/constants.hpp"
#include "core/earth/decay_bound.hpp"
#include "core/earth/layered_model.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {
namespace {

constexpr std::int64_t most_counted_models = 1000;

/// The quantities that decide whether an interface is in reach, from the top down.
struct Interfaces {
  std::vector<double> depth;      ///< m
  std::vector<double> diffusion;  ///< sum of 2 thickness sqrt(mu0 sigma) down to the interface

  explicit Interfaces(const core::LayeredModel& model) {
    double bottom = 0.0;
    double decay = 0.0;
    for (std::size_t i = 0; i < model.thickness.size(); ++i) {
      bottom += model.thickness[i];
      decay += 2.0 * model.thickness[i] * std::sqrt(base::mu0 / model.resistivity[i]);
      depth.push_back(bottom);
      diffusion.push_back(decay);
    }
  }
};

std::int64_t within(const std::vector<double>& increasing, double reach) {
  return std::ranges::upper_bound(increasing, reach) - increasing.begin();
}

double operations_of(const core::PlanWindow& window, const core::PlanTable& table,
                     const Interfaces& interfaces, const core::DecayBound& decay_bound) {
  const auto recursion = window.single_precision || table.by_admittance
                             ? kernels::Recursion::admittance
                             : kernels::Recursion::echo;
  // A wavenumber is computed if any geometry keeps it.
  const double shortest =
      window.shortest_decay.empty() ? 0.0 : std::ranges::min(window.shortest_decay);
  const std::size_t kept = decay_bound.kept(window.wavenumber, shortest);
  double sum = 0.0;
  for (const auto& node : window.node) {
    const std::int64_t by_diffusion =
        within(interfaces.diffusion, table.deepest_exponent / std::sqrt(node).real());
    for (const double wavenumber : std::span(window.wavenumber).first(kept)) {
      const std::int64_t by_depth =
          within(interfaces.depth, table.deepest_exponent / (2.0 * wavenumber));
      sum += kernels::flops_per_evaluation(1 + std::min(by_diffusion, by_depth), recursion);
    }
  }
  return sum;
}

}  // namespace

Operations operations_per_model(const core::PlanTable& table, const ModelBatch& models) {
  const std::int64_t counted = std::min(models.models, most_counted_models);
  core::LayeredModel model;
  Operations sum;
  for (std::int64_t i = 0; i < counted; ++i) {
    if (core::gather(models, i * models.models / counted, model) != Status::ok) continue;
    const Interfaces interfaces(model);
    const core::DecayBound decay_bound(model);
    for (const auto& window : table.windows) {
      (window.single_precision ? sum.in_single : sum.in_double) +=
          operations_of(window, table, interfaces, decay_bound);
    }
  }
  return {sum.in_double / static_cast<double>(counted),
          sum.in_single / static_cast<double>(counted)};
}

}  // namespace stratem::cuda
