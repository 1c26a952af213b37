// The k_i of src/core/README.md for each layer at one Laplace node, as the recursion reads them.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/block.hpp"
#include "kernels/complex_math.hpp"
#include "kernels/ground.hpp"
#include "kernels/plan_layout.hpp"
#include "kernels/shared_memory.hpp"

namespace stratem::kernels {

/// For real conductivities, k_i is one product with s. `by_admittance` is that of core::PlanTable.
template <class T, bool by_admittance>
class PlainLayers {
 public:
  static constexpr bool has_contrasts = reads_contrasts<T> && !by_admittance;

  STRATEM_DEVICE PlainLayers(const Node& node, const SharedMemory<T>& shared)
      : twice_s_{static_cast<T>(2.0 * node.s.re), static_cast<T>(2.0 * node.s.im)},
        permeance_(shared.permeance),
        contrast_(shared.contrast) {}
  STRATEM_DEVICE Complex<T> twice_k(std::int32_t i) const { return permeance_[i] * twice_s_; }
  STRATEM_DEVICE Complex<T> contrast(std::int32_t i) const {
    return (contrast_[i] + contrast_[i]) * twice_s_;
  }

 private:
  Complex<T> twice_s_;
  const T* permeance_;
  const T* contrast_;
};

/// For polarizable layers, k_i is too expensive to compute again for each wavenumber. An earlier
/// stage has stored 2 k_i in the block's part of the scratch memory, [layers][nodes].
template <class T>
class PolarizableLayers {
 public:
  static constexpr bool has_contrasts = false;

  STRATEM_DEVICE PolarizableLayers(const Complex<T>* constants, std::int32_t node,
                                   std::int32_t nodes)
      : constants_(constants + node), nodes_(nodes) {}
  STRATEM_DEVICE Complex<T> twice_k(std::int32_t i) const {
    return constants_[static_cast<std::int64_t>(i) * nodes_];
  }

 private:
  const Complex<T>* constants_;
  std::int64_t nodes_;
};

/// mu0 sigma(s) - mu0 sigma of a layer, from the reciprocal of Pelton's formula (1978):
///     1/rho(s) = 1/rho (1 + m x/(1 + (1 - m) x)),  x = (s tau)^c
/// Exactly 0 where m is 0.
STRATEM_DEVICE Complex<double> polarization(const ModelRows& rows, std::int32_t layer,
                                            const Node& node) {
  const double m = rows.chargeability(layer);
  if (m == 0.0) return {0.0, 0.0};
  const double c = rows.exponent(layer);
  // Within e^-300 .. e^300 no expression below overflows. Outside, x is effectively 0 or infinite.
  const double log_modulus = c * (node.log_s.re + std::log(rows.time_constant(layer)));
  const double modulus = std::exp(std::fmin(std::fmax(log_modulus, -300.0), 300.0));
  const Complex<double> x = modulus * direction(c * node.log_s.im);
  const Complex<double> ratio = divide(x, {1.0 + (1.0 - m) * x.re, (1.0 - m) * x.im});
  return (m * (base::mu0 / rows.resistivity(layer))) * ratio;
}

/// 2 k_i.
template <class T>
STRATEM_DEVICE Complex<T> polarizable_constant(const ModelRows& rows, std::int32_t layer,
                                               const Node& node) {
  const double permeance = base::mu0 / rows.resistivity(layer);
  const Complex<double> extra = polarization(rows, layer, node);
  const Complex<double> twice_k = node.s * Complex<double>{2.0 * (permeance + extra.re),  //
                                                           2.0 * extra.im};
  return {static_cast<T>(twice_k.re), static_cast<T>(twice_k.im)};
}

/// Stage: constants [layers][nodes] of the block's model.
template <class T, class Block>
STRATEM_DEVICE void form_constants(const Block& block, const ModelRows& rows, std::int32_t layers,
                                   const PlanArrays<T>& plan, Complex<T>* constants) {
  block.for_each_thread([&](int thread) {
    const std::int32_t count = layers * plan.nodes;
    for (std::int32_t i = thread; i < count; i += block.threads()) {
      constants[i] = polarizable_constant<T>(rows, i / plan.nodes, plan.node[i % plan.nodes]);
    }
  });
}

}  // namespace stratem::kernels
