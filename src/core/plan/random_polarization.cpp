#include "core/plan/random_polarization.hpp"

#include <algorithm>

#include "core/earth/polarization.hpp"

namespace stratem::core {
namespace {

/// The greatest exponent with which a layer's singularities stay within `angle`. They do so with
/// the exponent `allowed`.
double greatest_exponent(double chargeability, double allowed, double angle) {
  if (singularities_within(chargeability, 1.0, angle)) return 1.0;
  double low = allowed;
  double high = 1.0;
  for (int step = 0; step < 30; ++step) {
    const double exponent = 0.5 * (low + high);
    (singularities_within(chargeability, exponent, angle) ? low : high) = exponent;
  }
  return low;
}

}  // namespace

Polarization random_polarization(const EnsembleRange& range, double resistivity, Uniform& uniform) {
  constexpr double polarizable_part = 0.7;
  constexpr double edge_part = 0.25;  // part of these that have the greatest exponent allowed
  const double most = 1.0 - range.least_resistivity / resistivity;
  if (uniform(0.0, 1.0) > polarizable_part || most < 0.01) return {};
  Polarization drawn;
  do {
    drawn = {uniform(0.0, std::min(range.most_chargeability, most)), uniform.log(1e-6, 10.0),
             uniform(0.1, 1.0)};
  } while (!singularities_within(drawn.chargeability, drawn.exponent, range.most_angle));
  if (uniform(0.0, 1.0) < edge_part) {
    drawn.exponent = greatest_exponent(drawn.chargeability, drawn.exponent, range.most_angle);
  }
  return drawn;
}

}  // namespace stratem::core
