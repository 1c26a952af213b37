// The forward kernel: window by window, node by node, wavenumber by wavenumber, then the sums.
#if defined(STRATEM_CPU_KERNEL_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_KERNEL_INL_H
#undef STRATEM_CPU_KERNEL_INL_H
#else
#define STRATEM_CPU_KERNEL_INL_H
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/plan/plan_table.hpp"
#include "cpu/decay-inl.h"
#include "cpu/kernel.hpp"
#include "cpu/recursion-inl.h"
#include "cpu/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// weight [geometries][wavenumbers][lanes] times the factor of each model's height.
HWY_INLINE void form_weights(const core::PlanWindow& window, const ModelGroup& group,
                             AlignedVector<double>& weights) {
  const Wide d;
  const std::size_t count = window.wavenumber.size();
  weights.resize(window.weight.size() * count * group.lanes);
  for (std::size_t lane = 0; lane < group.lanes; lane += hn::Lanes(d)) {
    const WideVec change = hn::Load(d, &group.height_sum_change[lane]);
    for (std::size_t m = 0; m < count; ++m) {
      const WideVec exponent = hn::Mul(hn::Set(d, -window.wavenumber[m]), change);
      const WideVec factor = group.higher_or_lower
                                 ? hn::Exp(d, hn::Min(exponent, hn::Set(d, 700.0)))
                                 : hn::Set(d, 1.0);
      for (std::size_t g = 0; g < window.weight.size(); ++g) {
        hn::Store(hn::Mul(hn::Set(d, window.weight[g][m]), factor), d,
                  &weights[(g * count + m) * group.lanes + lane]);
      }
    }
  }
}

/// The input of r_TE of a group at one node.
template <class T>
struct NodeInput {
  const T* rows;
  T least_k_real;  ///< of all layers and lanes, times two
  double deepest_exponent;
};

/// r_TE at `side_by_side` neighbouring wavenumbers: reflection [side_by_side][2][lanes]. Narrows
/// the extent for the wavenumbers that follow.
template <class Recursion, std::size_t side_by_side, class T>
HWY_INLINE void reflect_at(const double* wavenumber, const NodeInput<T>& node, Extent& extent,
                           T* reflection) {
  const LayerRows<hn::ScalableTag<T>> rows(node.rows);
  const Recursion recursion(rows);
  double deepest[side_by_side];
  for (std::size_t m = 0; m < side_by_side; ++m) {
    deepest[m] = node.deepest_exponent / (2.0 * wavenumber[m]);
  }
  rows.narrow(deepest[0], extent);
  Extent last = extent;
  rows.narrow(deepest[side_by_side - 1], last);
  const Extent all{extent.first, last.full};
  if (static_cast<T>(2.0 * wavenumber[0] * wavenumber[0]) + node.least_k_real < T(0)) {
    recursion.template reflections<true, side_by_side>(wavenumber, deepest, all, reflection);
  } else {
    recursion.template reflections<false, side_by_side>(wavenumber, deepest, all, reflection);
  }
}

/// r_TE of one node at the first `count` wavenumbers: reflection [count][2][lanes].
template <class Recursion, class T>
HWY_INLINE void reflect(const std::vector<double>& wavenumber, std::size_t count,
                        const NodeInput<T>& node, std::size_t layers, T* reflection) {
  // These are two chains of operations that do not wait for each other.
  constexpr std::size_t side_by_side = 2;
  const std::size_t stride = 2 * hn::Lanes(hn::ScalableTag<T>());
  Extent extent{layers - 1, layers - 1};
  std::size_t m = 0;
  for (; m + side_by_side <= count; m += side_by_side) {
    reflect_at<Recursion, side_by_side>(&wavenumber[m], node, extent, reflection + m * stride);
  }
  for (; m < count; ++m) {
    reflect_at<Recursion, 1>(&wavenumber[m], node, extent, reflection + m * stride);
  }
}

/// Sums in single precision may cancel too far, so the moduli of the terms are summed as well.
template <class T>
inline constexpr bool sums_moduli = sizeof(T) == sizeof(float);
/// F of one geometry and node: real and imaginary part, and, if they are summed, the moduli.
template <class T>
inline constexpr std::size_t rows_per_node = sums_moduli<T> ? 3 : 2;

/// F = sum over wavenumbers of weight times r_TE: transform [rows_per_node][lanes].
template <class T>
HWY_INLINE void sum_wavenumbers(const double* weight, const T* reflection, std::size_t count,
                                std::size_t lanes, double* transform) {
  const Wide d;
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    Complex<WideVec> sum{hn::Zero(d), hn::Zero(d)};
    WideVec moduli = hn::Zero(d);
    for (std::size_t m = 0; m < count; ++m) {
      const WideVec w = hn::Load(d, weight + m * lanes + lane);
      const WideVec re = wide_load(reflection + 2 * m * lanes + lane);
      const WideVec im = wide_load(reflection + (2 * m + 1) * lanes + lane);
      sum.re = hn::MulAdd(w, re, sum.re);
      sum.im = hn::MulAdd(w, im, sum.im);
      if constexpr (sums_moduli<T>) {
        moduli = hn::MulAdd(hn::Abs(w), hn::Add(hn::Abs(re), hn::Abs(im)), moduli);
      }
    }
    hn::Store(sum.re, d, transform + lane);
    hn::Store(sum.im, d, transform + lanes + lane);
    if constexpr (sums_moduli<T>) hn::Store(moduli, d, transform + 2 * lanes + lane);
  }
}

/// response += Re sum over nodes of weight times F; transform [nodes][rows][lanes] of one geometry.
template <std::size_t rows>
HWY_INLINE void sum_nodes(const core::GateRow& row, const double* transform, std::size_t lanes,
                          double* response) {
  const Wide d;
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    WideVec sum = hn::Load(d, response + lane);
    const double* from = transform + lane;
    for (const auto& weight : row.weight) {
      sum = hn::MulAdd(hn::Set(d, weight.real()), hn::Load(d, from), sum);
      sum = hn::NegMulAdd(hn::Set(d, weight.imag()), hn::Load(d, from + lanes), sum);
      from += rows * lanes;
    }
    hn::Store(sum, d, response + lane);
  }
}

/// moduli += sum over nodes of the weight's modulus times those of F; transform [nodes][3][lanes].
HWY_INLINE void sum_moduli_of_nodes(const core::GateRow& row, const double* transform,
                                    std::size_t lanes, double* moduli) {
  const Wide d;
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    WideVec sum = hn::Load(d, moduli + lane);
    const double* from = transform + 2 * lanes + lane;
    for (const auto& weight : row.weight) {
      const double modulus = std::abs(weight.real()) + std::abs(weight.imag());
      sum = hn::MulAdd(hn::Set(d, modulus), hn::Load(d, from), sum);
      from += 3 * lanes;
    }
    hn::Store(sum, d, moduli + lane);
  }
}

template <class Recursion, class T>
HWY_INLINE void evaluate_group(const core::PlanTable& table, const ModelGroup& group,
                               NodeArrays<T>& arrays, Workspace& workspace) {
  const std::size_t lanes = group.lanes;
  arrays.rows.resize(group.layers * rows_per_layer * lanes);
  form_thickness_rows(group, arrays.rows.data());
  // There is no bound on how slowly polarizable layers decay.
  const auto leaves_out = [&group](const core::PlanWindow& window) {
    return !group.polarizable && !window.shortest_decay.empty();
  };
  if (std::ranges::any_of(table.windows, leaves_out)) form_sheets(group, workspace.sheet);
  workspace.response.assign(static_cast<std::size_t>(table.gates) * lanes, 0.0);
  if (sums_moduli<T>) {
    workspace.moduli.assign(static_cast<std::size_t>(table.gates) * lanes, 0.0);
  }
  for (const auto& window : table.windows) {
    const std::size_t nodes = window.node.size();
    const std::size_t wavenumbers = window.wavenumber.size();
    form_weights(window, group, workspace.weight);
    const std::size_t kept = leaves_out(window)
                                 ? leave_out(window, group, workspace.sheet, workspace.weight)
                                 : wavenumbers;
    arrays.reflection.resize(wavenumbers * 2 * lanes);
    workspace.transform.resize(window.weight.size() * nodes * rows_per_node<T> * lanes);
    for (std::size_t j = 0; j < nodes; ++j) {
      const T least_k_real = form_conductivity_rows<Recursion::reads_contrasts>(
          group, window.node[j], arrays.rows.data());
      form_bottom_rows(group, window.node[j], table.deepest_exponent, arrays.rows.data());
      reflect<Recursion>(window.wavenumber, kept,
                         NodeInput<T>{arrays.rows.data(), least_k_real, table.deepest_exponent},
                         group.layers, arrays.reflection.data());
      for (std::size_t g = 0; g < window.weight.size(); ++g) {
        sum_wavenumbers(&workspace.weight[g * wavenumbers * lanes], arrays.reflection.data(), kept,
                        lanes, &workspace.transform[(g * nodes + j) * rows_per_node<T> * lanes]);
      }
    }
    for (const auto& row : window.rows) {
      const auto g = static_cast<std::size_t>(row.geometry);
      const std::size_t gate = static_cast<std::size_t>(row.gate) * lanes;
      const double* transform = &workspace.transform[g * nodes * rows_per_node<T> * lanes];
      sum_nodes<rows_per_node<T>>(row, transform, lanes, &workspace.response[gate]);
      if constexpr (sums_moduli<T>) {
        sum_moduli_of_nodes(row, transform, lanes, &workspace.moduli[gate]);
      }
    }
  }
}

// The functions that kernel.cpp calls, one of each for every instruction set.

inline std::size_t lanes_in_double() { return hn::Lanes(hn::ScalableTag<double>()); }
inline std::size_t lanes_in_single() { return hn::Lanes(hn::ScalableTag<float>()); }
inline std::int64_t target() { return HWY_TARGET; }

inline void evaluate_in_double(const core::PlanTable& table, const ModelGroup& group,
                               Workspace& workspace) {
  if (group.polarizable || table.by_admittance) {
    evaluate_group<Recursion<double, true>>(table, group, workspace.in_double, workspace);
  } else {
    evaluate_group<Recursion<double, false>>(table, group, workspace.in_double, workspace);
  }
}
inline void evaluate_in_single(const core::PlanTable& table, const ModelGroup& group,
                               Workspace& workspace) {
  evaluate_group<Recursion<float, true>>(table, group, workspace.in_single, workspace);
}

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_KERNEL_INL_H
