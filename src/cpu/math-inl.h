// The elementary functions of the kernel, written once for every instruction set: foreach_target.h
// includes this file again for each.
#if defined(STRATEM_CPU_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_MATH_INL_H
#undef STRATEM_CPU_MATH_INL_H
#else
#define STRATEM_CPU_MATH_INL_H
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "core/simd/complex-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using core::HWY_NAMESPACE::Complex;

// With vectors of 512 bits, a processor's root and division take as long as everything else in the
// kernel. But its estimate of 1/sqrt(x) in single precision is accurate to 14 bits.
#define STRATEM_CPU_ESTIMATES_ROOTS (HWY_ARCH_X86 && HWY_MAX_BYTES == 64)

template <class V>
struct RootAndQuotient {
  V root, quotient;
};

/// sqrt(x) and y/sqrt(x): 2 ulp, for x within the range of single precision.
template <class D, class V>
HWY_INLINE RootAndQuotient<V> root_and_quotient(D d, V x, V y) {
#if STRATEM_CPU_ESTIMATES_ROOTS
  using T = hn::TFromD<D>;
  const auto constant = [d](double value) HWY_ATTR { return hn::Set(d, static_cast<T>(value)); };
  V inverse;  // accurate to 14 bits, then to 42, then to 84
  if constexpr (sizeof(T) == 4) {
    inverse = hn::ApproximateReciprocalSqrt(x);
  } else {
    const hn::Rebind<float, D> narrow;
    inverse = hn::PromoteTo(d, hn::ApproximateReciprocalSqrt(hn::DemoteTo(narrow, x)));
    const V miss = hn::NegMulAdd(hn::Mul(x, inverse), inverse, constant(1.0));
    inverse = hn::MulAdd(hn::Mul(inverse, miss), hn::MulAdd(miss, constant(0.375), constant(0.5)),
                         inverse);
  }
  const V miss = hn::NegMulAdd(hn::Mul(x, inverse), inverse, constant(1.0));
  inverse = hn::MulAdd(hn::Mul(inverse, miss), constant(0.5), inverse);
  return {hn::Mul(x, inverse), hn::Mul(y, inverse)};
#else
  static_cast<void>(d);
  const V root = hn::Sqrt(x);
  return {root, hn::Div(y, root)};
#endif
}

/// sqrt(2 z) with a positive real part: 4 ulp of its modulus for |z| from 1e-18 to 1e18, in double
/// precision from 1e-37 to 1e37. `any_left` must be true if any lane's real part is negative: such
/// lanes need the other half of the formula to avoid cancellation. It changes no bit of the other
/// lanes.
template <bool any_left, class D, class V>
HWY_INLINE Complex<V> square_root_of_twice(D d, Complex<V> z) {
  const V modulus = hn::Sqrt(hn::MulAdd(z.re, z.re, hn::Mul(z.im, z.im)));
  const V sum = hn::Add(modulus, any_left ? hn::Abs(z.re) : z.re);
  const auto [larger, smaller] = root_and_quotient(d, sum, z.im);
  if constexpr (!any_left) {
    return {larger, smaller};
  } else {
    const auto left = hn::Lt(z.re, hn::Zero(d));
    return {hn::IfThenElse(left, hn::Abs(smaller), larger),
            hn::IfThenElse(left, hn::CopySign(larger, z.im), smaller)};
  }
}

/// The limit of Re z for e^{-z}: e^-200 (e^-40) is negligible compared with 1 and far from the
/// smallest number, and the library reduces angles up to 39,000.
template <class T>
constexpr double largest_decay = sizeof(T) == 4 ? 40.0 : 200.0;
constexpr double largest_turn = 39000.0;

/// For Re z >= 0, Im z >= 0. If Re z is above 200 (40 in single precision) the modulus stays at
/// e^-200 (e^-40). Error, relative to e^{-Re z}: 4 units of 2^-53 (2^-24), plus the effect of the
/// rounding of z itself, one unit for each radian of Im z and each unit of Re z.
template <class D, class V>
HWY_INLINE Complex<V> decaying_exponential(D d, Complex<V> z) {
  using T = hn::TFromD<D>;
  const V x = hn::Min(z.re, hn::Set(d, static_cast<T>(largest_decay<T>)));
  const V y = hn::Min(z.im, hn::Set(d, static_cast<T>(largest_turn)));
  const V modulus = hn::Exp(d, hn::Neg(x));
  return {hn::Mul(modulus, hn::Cos(d, y)), hn::Neg(hn::Mul(modulus, hn::Sin(d, y)))};
}

template <class V>
struct Decay {
  Complex<V> decay;  ///< e^{-z}
  Complex<V> rest;   ///< 1 - e^{-z}
};

/// The same to 6 units, with 1 - e^{-z}, whose error is relative to the smaller of |z| and 1: from
/// e^x - 1 and sin(y/2), which do not cancel.
template <class D, class V>
HWY_INLINE Decay<V> decay_and_rest(D d, Complex<V> z) {
  using T = hn::TFromD<D>;
  const V one = hn::Set(d, static_cast<T>(1));
  const V x = hn::Min(z.re, hn::Set(d, static_cast<T>(largest_decay<T>)));
  const V half = hn::Mul(hn::Min(z.im, hn::Set(d, static_cast<T>(largest_turn))),
                         hn::Set(d, static_cast<T>(0.5)));
  const V growth = hn::Expm1(d, x);
  const V sine = hn::Sin(d, half);
  const V modulus = hn::Div(one, hn::Add(growth, one));
  const V twice = hn::Mul(hn::Add(modulus, modulus), sine);
  const V imaginary = hn::Mul(twice, hn::Cos(d, half));
  return {{hn::NegMulAdd(twice, sine, modulus), hn::Neg(imaginary)},
          {hn::MulAdd(twice, sine, hn::Mul(growth, modulus)), imaginary}};
}

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_MATH_INL_H
