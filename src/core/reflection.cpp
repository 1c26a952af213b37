#include "core/reflection.hpp"

#include <cmath>

#include "core/complex_math.hpp"
#include "core/constants.hpp"

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
    k.push_back(mu0 * s / rho);
  }
  return k;
}

Complex reflection_coefficient(const std::vector<Complex>& k, const std::vector<double>& thickness,
                               double lambda, std::size_t layers) {
  const double lambda2 = lambda * lambda;
  Complex u_below = complex_sqrt(lambda2 + k[layers - 1]);
  Complex echo = 0.0;
  for (std::size_t i = layers; i-- > 0;) {
    const Complex k_above = i == 0 ? Complex(0.0) : k[i - 1];
    const Complex u_above = i == 0 ? Complex(lambda) : complex_sqrt(lambda2 + k_above);
    const Complex sum = u_above + u_below;
    const Complex sum2 = sum * sum;
    const Complex change = k_above - k[i];  // r_TE of this interface alone, times sum2
    echo = complex_quotient(change + sum2 * echo, sum2 + change * echo);
    if (i > 0) echo *= std::exp(-2.0 * u_above * thickness[i - 1]);
    u_below = u_above;
  }
  return echo;
}

Complex reflection_coefficient(const std::vector<Complex>& k, const std::vector<double>& thickness,
                               double lambda) {
  return reflection_coefficient(k, thickness, lambda, k.size());
}

}  // namespace stratem::core
