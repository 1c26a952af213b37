// How far polarizable layers swing.
#pragma once

#include "core/layered_model.hpp"

namespace stratem::core {

/// Plans for polarizable layers are made for models that swing as far as this, rad: chargeabilities
/// up to 0.5 with any exponent, 0.9 with exponents up to 0.55. Wider ones take many more nodes.
inline constexpr double most_plan_angle = 0.8;

/// How far, in radians, the singularities of r_TE lie off the negative real axis of s. Where layers
/// are polarizable, diffusion and polarization can swing: a mode K > 0 has mean(s sigma(s)) = -K,
/// so that arg s may fall short of pi by the largest argument that sigma(s) has there. 0 without
/// polarization, below pi/2 always.
double singularity_angle(const LayeredModel& model);

/// Whether a layer of Pelton's Cole-Cole parameters keeps its singularities within `angle` radians
/// of the negative real axis, whatever its time constant. O(1).
bool swings_within(double chargeability, double exponent, double angle);

}  // namespace stratem::core
