// Random layered earths that plans are fitted to and measured on.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"

namespace stratem::core {

struct EnsembleRange {
  double least_resistivity = 0.1;  ///< ohm-m
  double most_resistivity = 1e4;
  std::optional<double>
      least_height;  ///< of the transmitter, m; without it, models have no heights
  std::optional<double> most_height;
  /// rad. If it is above 0, seven in ten layers of every second model are polarizable, with
  /// singularities at most this far off the negative real axis. Their resistivities at high
  /// frequencies are in the range too.
  double most_angle = 0.0;
  double most_chargeability = 0.95;
};

/// The ranges that a plan with these options is declared for.
EnsembleRange ensemble_range(const PlanOptions& options);

/// `per_count` models for every entry of `layers`. Every second pair of models has log-uniform
/// resistivities over the whole range. In every other one of these pairs, the last layer's
/// resistivity is within a factor of 4 of the greatest. Depths of interfaces are uniform between 2
/// m and a depth that is itself uniform from 50 to 300 m; layers are at least `thinnest` m thick.
/// The other models have strong contrasts: resistivities at the two ends of the range in turn or
/// within a factor of 4 of them, and log-uniform thicknesses of 0.5 to 100 m. If they have a single
/// layer, they are half-spaces spread over the whole range. The models depend on the seed alone, on
/// every machine.
ModelSet random_models(const EnsembleRange& range, const std::vector<int>& layers, int per_count,
                       std::uint64_t seed, double thinnest = 0.5);

/// Models with their true responses.
struct Ensemble {
  ModelSet models;
  Responses truth;
  std::vector<double> size;  ///< [models x gates] that errors are relative to
};

/// Adds models; heights are given for all of them or for none.
void append(Ensemble& to, const Ensemble& more);

}  // namespace stratem::core
