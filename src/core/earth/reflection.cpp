#include "core/earth/reflection.hpp"

#include <cmath>

#include "base/complex_math.hpp"
#include "base/constants.hpp"

namespace stratem::core {

using Complex = std::complex<double>;

std::vector<Complex> layer_constants(const LayeredModel& model, Complex s) {
  std::vector<Complex> k;
  for (std::size_t i = 0; i < model.resistivity.size(); ++i) {
    Complex rho = model.resistivity[i];
    if (!model.chargeability.empty()) {
      const Complex relaxation = std::pow(s * model.time_constant[i], model.exponent[i]);
      rho *= 1.0 - model.chargeability[i] * (1.0 - 1.0 / (1.0 + relaxation));
    }
    k.push_back(base::mu0 * s / rho);
  }
  return k;
}

/// The second recursion of README.md, which does not cancel.
Complex reflection_coefficient(const std::vector<Complex>& k, const std::vector<double>& thickness,
                               double lambda, std::size_t layers) {
  const double lambda2 = lambda * lambda;
  Complex y;  // excess of the admittance at a layer's top over that of air
  for (std::size_t i = layers; i-- > 0;) {
    const Complex u = base::complex_sqrt(lambda2 + k[i]);
    const Complex g = u + lambda;
    if (i + 1 == layers) {
      y = base::complex_quotient(k[i], g);
      continue;
    }
    const Complex minus_rest = base::complex_expm1(-2.0 * u * thickness[i]);
    const Complex decay = 1.0 + minus_rest;
    const Complex g_rest = -g * minus_rest;
    const Complex g2 = g * g;
    y = base::complex_quotient(k[i] * (y + g_rest) + g2 * (decay * y),
                               g2 + k[i] * decay + g_rest * y);
  }
  return -base::complex_quotient(y, 2.0 * lambda + y);
}

Complex reflection_coefficient(const std::vector<Complex>& k, const std::vector<double>& thickness,
                               double lambda) {
  return reflection_coefficient(k, thickness, lambda, k.size());
}

}  // namespace stratem::core
