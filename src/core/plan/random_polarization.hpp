// Random Cole-Cole parameters of single layers.
#pragma once

#include "core/plan/ensemble.hpp"
#include "core/plan/uniform.hpp"

namespace stratem::core {

struct Polarization {
  double chargeability = 0.0;
  double time_constant = 1.0;  ///< s
  double exponent = 1.0;
};

/// Parameters of one layer that `range` allows with this resistivity. Three in ten layers are not
/// polarizable.
Polarization random_polarization(const EnsembleRange& range, double resistivity, Uniform& uniform);

}  // namespace stratem::core
