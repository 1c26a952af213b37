// How far polarizable layers move the singularities of r_TE off the negative real axis of s.
#pragma once

#include <cmath>
#include <numbers>

#include "core/earth/layered_model.hpp"

namespace stratem::core {

/// Plans for polarizable layers are made for singularities up to this angle, rad. It corresponds to
/// chargeabilities up to 0.5 with any exponent, and 0.9 with exponents up to 0.55. Larger angles
/// need many more nodes.
inline constexpr double most_plan_angle = 0.8;

/// How far, in radians, the singularities of r_TE lie off the negative real axis of s. With
/// polarizable layers, diffusion and polarization can oscillate: a mode K > 0 has
/// mean(s sigma(s)) = -K, so that arg s may be less than pi by the largest argument that sigma(s)
/// has there. The angle is 0 without polarization and always below pi/2.
double singularity_angle(const LayeredModel& model);

// The next two are constexpr, so that device code may call them, and templates, because a compiler
// may refuse such functions of <cmath> in a constexpr function that is none. Real is double.

/// Largest argument of a Cole-Cole conductivity on the ray arg (s tau)^c = angle: it is reached at
/// |s tau|^c = 1/g, g^2 = 1 - chargeability.
template <class Real>
constexpr Real largest_argument(Real chargeability, Real angle) {
  const Real g = std::sqrt(Real{1} - chargeability);
  return std::atan2(std::sin(angle), g + std::cos(angle)) -
         std::atan2(g * std::sin(angle), Real{1} + g * std::cos(angle));
}

/// Whether a layer with these Cole-Cole parameters of Pelton's keeps its singularities within
/// `angle` radians of the negative real axis, whatever its time constant. O(1).
template <class Real>
constexpr bool singularities_within(Real chargeability, Real exponent, Real angle) {
  return largest_argument(chargeability, exponent * (std::numbers::pi_v<Real> - angle)) <= angle;
}

}  // namespace stratem::core
