#include "core/earth/polarization.hpp"

#include <algorithm>
#include <cstddef>
#include <numbers>

namespace stratem::core {

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
