#include "reference/earth.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/complex_math.hpp"
#include "core/constants.hpp"

namespace stratem::reference {
namespace {

using Complex = std::complex<double>;

// e^{-2 lambda z} below this changes nothing in a double.
constexpr double deepest_exponent = 45.0;

/// 1/z for a z whose square neither overflows nor underflows.
Complex inverse(Complex z) { return std::conj(z) / std::norm(z); }

/// u - lambda of a layer, u = sqrt(lambda^2 + k): k/(u + lambda).
Complex excess(double lambda, Complex k) {
  return k * inverse(core::complex_sqrt(lambda * lambda + k) + lambda);
}

}  // namespace

Complex cole_cole_increase(double resistivity, double chargeability, double time_constant,
                           double exponent, Complex s) {
  if (chargeability == 0.0) return 0.0;
  const Complex x = std::pow(s * time_constant, exponent);
  return chargeability * x / (1.0 + (1.0 - chargeability) * x) / resistivity;
}

Earth::Earth(const core::LayeredModel& model, const std::vector<Complex>& nodes)
    : nodes_(nodes.size()), thickness_(model.thickness) {
  for (const Complex s : nodes) {
    for (std::size_t i = 0; i < model.resistivity.size(); ++i) {
      Complex sigma = 1.0 / model.resistivity[i];
      if (!model.chargeability.empty()) {
        sigma += cole_cole_increase(model.resistivity[i], model.chargeability[i],
                                    model.time_constant[i], model.exponent[i], s);
      }
      k_.push_back(core::mu0 * s * sigma);
    }
  }
}

void Earth::reflect(double lambda, std::vector<Reflection>& reflections) const {
  // Layers too deep to matter at this wavenumber are left out.
  std::vector<double> attenuation;  // e^{-2 lambda h} of all layers but the last that matters
  double depth = 0.0;
  for (const double h : thickness_) {
    depth += h;
    if (2.0 * lambda * depth > deepest_exponent) break;
    attenuation.push_back(std::exp(-2.0 * lambda * h));
  }
  const std::size_t layers = attenuation.size() + 1;
  const double over_four_lambda2 = 1.0 / (4.0 * lambda * lambda);

  reflections.resize(nodes_);
  for (std::size_t j = 0; j < nodes_; ++j) {
    const Complex* k = &k_[j * (thickness_.size() + 1)];
    // Upward from the top of the last layer. Interface i lies below layer i - 1, interface 0 below
    // the air. In a layer u = lambda + v, and nothing is ever subtracted from lambda.
    Reflection here{};
    Complex v_below = excess(lambda, k[layers - 1]);
    for (std::size_t i = layers; i-- > 0;) {
      const Complex k_above = i == 0 ? Complex(0.0) : k[i - 1];
      const Complex v_above = i == 0 ? Complex(0.0) : excess(lambda, k_above);

      const Complex v_sum = v_above + v_below;
      const Complex over_sum = inverse(2.0 * lambda + v_sum);  // 1/(u_above + u_below)
      const Complex contrast = k_above - k[i];
      const Complex r = contrast * over_sum * over_sum;
      const Complex r_linear = contrast * over_four_lambda2;
      const Complex r_beyond = -over_four_lambda2 * r * v_sum * (4.0 * lambda + v_sum);

      // R = (r + R' E)/(1 + r R' E) below layer i, E = e^{-2 u_i h_i} = E0 (1 + x).
      Complex echo = 0.0, echo_linear = 0.0, echo_beyond = 0.0;
      if (i + 1 < layers) {
        const Complex x = core::complex_expm1(-2.0 * thickness_[i] * v_below);
        echo_linear = here.linear * attenuation[i];
        echo_beyond = attenuation[i] * (here.beyond_linear * (1.0 + x) + here.linear * x);
        echo = (here.beyond_mirror - 1.0) * attenuation[i] * (1.0 + x);
      }
      const Complex over_echoes = inverse(1.0 + r * echo);
      here.linear = r_linear + echo_linear;
      here.beyond_linear = (r_beyond + echo_beyond - here.linear * r * echo) * over_echoes;
      // 1 + r = 2 u_above/(u_above + u_below), and 1 + R = (1 + r)(1 + R' E)/(1 + r R' E).
      here.beyond_mirror = 2.0 * (lambda + v_above) * over_sum * (1.0 + echo) * over_echoes;
      v_below = v_above;
    }
    reflections[j] = here;
  }
}

void add_linear_factors(const core::LayeredModel& model, double lambda, double weight,
                        std::vector<double>& sums) {
  const double factor = -core::mu0 * weight / (4.0 * lambda * lambda);
  double depth = 0.0;
  for (std::size_t i = 0; i < model.resistivity.size(); ++i) {
    const double top = std::exp(-2.0 * lambda * depth);
    if (i == model.thickness.size()) {
      sums[i] += factor * top;
    } else {
      sums[i] += factor * top * -std::expm1(-2.0 * lambda * model.thickness[i]);
      depth += model.thickness[i];
    }
  }
}

}  // namespace stratem::reference
