// The rows that the recursion reads, formed once for each node.
#if defined(STRATEM_CPU_ROWS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_ROWS_INL_H
#undef STRATEM_CPU_ROWS_INL_H
#else
#define STRATEM_CPU_ROWS_INL_H
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>

#include "cpu/layer_rows-inl.h"
#include "cpu/math-inl.h"
#include "cpu/model_group.hpp"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Everything except r_TE itself is computed in double, and so is the input of r_TE in float.
using Wide = hn::ScalableTag<double>;
using WideVec = hn::Vec<Wide>;

HWY_INLINE void narrow_store(WideVec v, double* to) { hn::Store(v, Wide(), to); }
HWY_INLINE void narrow_store(WideVec v, float* to) {
  const hn::Rebind<float, Wide> narrow;
  hn::Store(hn::DemoteTo(narrow, v), narrow, to);
}
HWY_INLINE WideVec wide_load(const double* from) { return hn::Load(Wide(), from); }
HWY_INLINE WideVec wide_load(const float* from) {
  return hn::PromoteTo(Wide(), hn::Load(hn::Rebind<float, Wide>(), from));
}

/// The increase of mu0 sigma(s) by polarization, the reciprocal of Pelton's formula (1978):
///     1/rho(s) = 1/rho (1 + m x/(1 + (1 - m) x)),  x = (s tau)^c
/// Exactly 0 where m is 0.
HWY_INLINE Complex<WideVec> polarization(const ModelGroup& group, std::size_t at,
                                         std::complex<double> log_s) {
  const Wide d;
  const WideVec m = hn::Load(d, &group.chargeability[at]);
  const WideVec c = hn::Load(d, &group.exponent[at]);
  const WideVec log_s_tau =
      hn::Add(hn::Set(d, log_s.real()), hn::Load(d, &group.log_time_constant[at]));
  // Within e^-300 .. e^300 no expression below overflows. Outside, x is effectively 0 or infinite.
  const WideVec modulus =
      hn::Exp(d, hn::Min(hn::Max(hn::Mul(c, log_s_tau), hn::Set(d, -300.0)), hn::Set(d, 300.0)));
  const WideVec angle = hn::Mul(c, hn::Set(d, log_s.imag()));
  const Complex<WideVec> x{hn::Mul(modulus, hn::Cos(d, angle)),
                           hn::Mul(modulus, hn::Sin(d, angle))};
  const WideVec one = hn::Set(d, 1.0);
  const WideVec rest = hn::Sub(one, m);
  const Complex<WideVec> ratio =
      divide(d, x, Complex<WideVec>{hn::MulAdd(rest, x.re, one), hn::Mul(rest, x.im)});
  const WideVec scale = hn::Mul(m, hn::Load(d, &group.permeance[at]));
  return {hn::Mul(scale, ratio.re), hn::Mul(scale, ratio.im)};
}

/// Fills the rows of k and, if they are read, of its contrasts, which only layers that are not
/// polarizable have. Returns the least real part of the k.
template <bool reads_contrasts, class T>
HWY_INLINE T form_conductivity_rows(const ModelGroup& group, std::complex<double> s, T* rows) {
  const Wide d;
  const Complex<WideVec> two_s{hn::Set(d, 2.0 * s.real()), hn::Set(d, 2.0 * s.imag())};
  const WideVec two = hn::Set(d, 2.0);
  const std::complex<double> log_s = std::log(s);
  WideVec least = hn::Set(d, std::numeric_limits<double>::infinity());
  for (std::size_t lane = 0; lane < group.lanes; lane += hn::Lanes(d)) {
    for (std::size_t i = group.layers; i-- > 0;) {
      const std::size_t at = i * group.lanes + lane;
      const WideVec permeance = hn::Load(d, &group.permeance[at]);
      Complex<WideVec> k{hn::Mul(two_s.re, permeance), hn::Mul(two_s.im, permeance)};
      if (group.polarizable) k = sum(k, multiply(two_s, polarization(group, at, log_s)));
      least = hn::Min(least, k.re);
      T* layer = rows + i * rows_per_layer * group.lanes + lane;
      narrow_store(k.re, layer + row_k_real * group.lanes);
      narrow_store(k.im, layer + row_k_imag * group.lanes);
      if constexpr (reads_contrasts) {
        const WideVec twice = hn::Mul(two, hn::Load(d, &group.contrast[at]));
        narrow_store(hn::Mul(two_s.re, twice), layer + row_contrast_real * group.lanes);
        narrow_store(hn::Mul(two_s.im, twice), layer + row_contrast_imag * group.lanes);
      }
    }
  }
  return static_cast<T>(hn::GetLane(hn::MinOfLanes(d, least)));
}

/// Fills the rows of depths. If a wave of any wavenumber comes back from below an interface weaker
/// than e^-deepest_exponent, the interface counts as infinitely deep, because Re u >= Re sqrt(k).
template <class T>
HWY_INLINE void form_bottom_rows(const ModelGroup& group, std::complex<double> s,
                                 double deepest_exponent, T* rows) {
  const Wide d;
  const WideVec infinity = hn::Set(d, std::numeric_limits<double>::infinity());
  const WideVec limit = hn::Set(d, deepest_exponent / std::sqrt(s).real());
  for (std::size_t i = 0; i < group.layers; ++i) {
    T* row = rows + (i * rows_per_layer + row_bottom) * group.lanes;
    for (std::size_t lane = 0; lane < group.lanes; lane += hn::Lanes(d)) {
      const std::size_t at = i * group.lanes + lane;
      const auto near = hn::Le(hn::Load(d, &group.diffusion[at]), limit);
      narrow_store(hn::IfThenElse(near, hn::Load(d, &group.bottom[at]), infinity), row + lane);
    }
  }
}

/// Fills the rows of thicknesses, which are the same for every node.
template <class T>
HWY_INLINE void form_thickness_rows(const ModelGroup& group, T* rows) {
  for (std::size_t i = 0; i < group.layers; ++i) {
    T* row = rows + (i * rows_per_layer + row_thickness) * group.lanes;
    for (std::size_t lane = 0; lane < group.lanes; ++lane) {
      row[lane] = static_cast<T>(group.thickness[i * group.lanes + lane]);
    }
  }
}

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_ROWS_INL_H
