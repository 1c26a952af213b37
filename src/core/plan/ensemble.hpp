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
      least_height;  ///< of the transmitter, m; no height in the models without it
  std::optional<double> most_height;
  /// rad. Above 0 every second model has polarizable layers, seven in ten, that swing as far as
  /// this at most; what their resistivities fall to at high frequencies is in the range too.
  double most_angle = 0.0;
  double most_chargeability = 0.95;
};

/// All that a plan with these options is declared for.
EnsembleRange ensemble_range(const Options& options);

/// `per_count` models for every entry of `layers`. Every second pair has log-uniform resistivities,
/// over the whole range or, every other time, over a third of it, and interfaces uniform between 2
/// m and a depth that is itself uniform from 50 to 300 m, layers at least `thinnest` m thick; the
/// others strong contrasts: resistivities at the two ends of the
/// range in turn or within a factor of 4 of them, and log-uniform thicknesses of 0.5 to 100 m; of a
/// single layer, half-spaces spread over the whole range. The same for the same seed everywhere.
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
