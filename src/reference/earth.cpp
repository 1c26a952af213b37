#include "reference/earth.hpp"

#include <algorithm>
#include <cmath>

#include "base/constants.hpp"

namespace stratem::reference {
namespace {

using Complex = std::complex<double>;

// e^{-2 lambda z} below this changes nothing in a double.
constexpr double deepest_exponent = 45.0;

Reach reach_at(double lambda, const std::vector<double>& thickness) {
  Reach reach{lambda, thickness.data(), {}};
  double depth = 0.0;
  for (const double h : thickness) {
    depth += h;
    if (2.0 * lambda * depth > deepest_exponent) break;
    reach.attenuation.push_back(std::exp(-2.0 * lambda * h));
  }
  return reach;
}

/// Whether the linear limit is below 1 at all nodes.
bool is_late(const Reach& reach, const std::vector<NodeArray>& k) {
  const double over_four_lambda2 = 1.0 / (4.0 * reach.lambda * reach.lambda);
  for (std::size_t j = 0; j < k[0].size(); ++j) {
    Complex limit = 0.0;
    Complex below = 0.0;
    for (std::size_t i = reach.layers(); i-- > 0;) {
      const Complex here{k[i].re()[j], k[i].im()[j]};
      if (i + 1 < reach.layers()) limit = (limit + here - below) * reach.attenuation[i];
      below = here;
    }
    limit = (limit - below) * over_four_lambda2;
    if (!(std::norm(limit) < 1.0)) return false;
  }
  return true;
}

}  // namespace

Complex cole_cole_increase(double resistivity, double chargeability, double time_constant,
                           double exponent, Complex s) {
  if (chargeability == 0.0) return 0.0;
  const Complex x = std::pow(s * time_constant, exponent);
  return chargeability * x / (1.0 + (1.0 - chargeability) * x) / resistivity;
}

Earth::Earth(const core::LayeredModel& model, const std::vector<Complex>& nodes)
    : thickness_(model.thickness) {
  for (std::size_t i = 0; i < model.resistivity.size(); ++i) {
    NodeArray& k = k_.emplace_back(nodes.size());
    for (std::size_t j = 0; j < k.size(); ++j) {
      const Complex s = nodes[std::min(j, nodes.size() - 1)];
      Complex sigma = 1.0 / model.resistivity[i];
      if (!model.chargeability.empty()) {
        sigma += cole_cole_increase(model.resistivity[i], model.chargeability[i],
                                    model.time_constant[i], model.exponent[i], s);
      }
      const Complex product = base::mu0 * s * sigma;
      k.re()[j] = product.real();
      k.im()[j] = product.imag();
    }
  }
}

Limit Earth::reflect(double lambda, NodeArray& remainder) const {
  const Reach reach = reach_at(lambda, thickness_);
  const Limit limit = is_late(reach, k_) ? Limit::linear : Limit::mirror;
  limit_remainder(limit, reach, k_, remainder);
  return limit;
}

void add_linear_factors(const core::LayeredModel& model, double lambda, double weight,
                        std::vector<double>& sums) {
  const double factor = -base::mu0 * weight / (4.0 * lambda * lambda);
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
