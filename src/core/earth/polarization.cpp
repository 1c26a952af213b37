#include "core/earth/polarization.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stratem::core {
namespace {

/// Largest argument of a Cole-Cole conductivity on the ray arg (s tau)^c = angle: it is reached at
/// |s tau|^c = 1/g, g^2 = 1 - chargeability.
double largest_argument(double chargeability, double angle) {
  const double g = std::sqrt(1.0 - chargeability);
  return std::atan2(std::sin(angle), g + std::cos(angle)) -
         std::atan2(g * std::sin(angle), 1.0 + g * std::cos(angle));
}

}  // namespace

bool singularities_within(double chargeability, double exponent, double angle) {
  return largest_argument(chargeability, exponent * (std::numbers::pi - angle)) <= angle;
}

double singularity_angle(const LayeredModel& model) {
  double largest = 0.0;
  for (std::size_t i = 0; i < model.chargeability.size(); ++i) {
    // Solve psi = largest argument at arg s = pi - psi. The right side decreases with psi.
    double low = 0.0;
    double high = std::numbers::pi;
    for (int step = 0; step < 40; ++step) {
      const double psi = 0.5 * (low + high);
      (singularities_within(model.chargeability[i], model.exponent[i], psi) ? high : low) = psi;
    }
    largest = std::max(largest, high);
  }
  return largest;
}

}  // namespace stratem::core
