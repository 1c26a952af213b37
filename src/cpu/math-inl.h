// Complex arithmetic and the elementary functions of the kernel, written once for every instruction
// set: foreach_target.h includes this file again for each.
#if defined(STRATEM_CPU_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_MATH_INL_H
#undef STRATEM_CPU_MATH_INL_H
#else
#define STRATEM_CPU_MATH_INL_H
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class V>
struct Complex {
  V re, im;
};

/// a b
template <class V>
HWY_INLINE Complex<V> multiply(Complex<V> a, Complex<V> b) {
  return {hn::NegMulAdd(a.im, b.im, hn::Mul(a.re, b.re)),
          hn::MulAdd(a.re, b.im, hn::Mul(a.im, b.re))};
}

/// a + b
template <class V>
HWY_INLINE Complex<V> sum(Complex<V> a, Complex<V> b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}

/// a b + c
template <class V>
HWY_INLINE Complex<V> multiply_add(Complex<V> a, Complex<V> b, Complex<V> c) {
  return {hn::NegMulAdd(a.im, b.im, hn::MulAdd(a.re, b.re, c.re)),
          hn::MulAdd(a.re, b.im, hn::MulAdd(a.im, b.re, c.im))};
}

/// a b + c d
template <class V>
HWY_INLINE Complex<V> sum_of_products(Complex<V> a, Complex<V> b, Complex<V> c, Complex<V> d) {
  return multiply_add(a, b, multiply(c, d));
}

/// z^2
template <class V>
HWY_INLINE Complex<V> square(Complex<V> z) {
  return {hn::NegMulAdd(z.im, z.im, hn::Mul(z.re, z.re)), hn::Mul(hn::Add(z.re, z.re), z.im)};
}

/// a / b, for a b whose square neither overflows nor underflows.
template <class D, class V>
HWY_INLINE Complex<V> divide(D d, Complex<V> a, Complex<V> b) {
  const V norm = hn::MulAdd(b.re, b.re, hn::Mul(b.im, b.im));
  const V over = hn::Div(hn::Set(d, hn::TFromD<D>(1)), norm);
  return {hn::Mul(over, hn::MulAdd(a.re, b.re, hn::Mul(a.im, b.im))),
          hn::Mul(over, hn::NegMulAdd(a.re, b.im, hn::Mul(a.im, b.re)))};
}

// Where it has vectors of 512 bits, a processor's root and division take as long as all else in the
// kernel, but its estimate of 1/sqrt(x) in single precision is right to 14 bits.
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
  V inverse;  // right to 14 bits, then to 42, then to 84
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
/// precision from 1e-37 to 1e37. `any_left` must be true if any lane's real part is negative: these
/// need the other half of the formula to be free of cancellation. It changes no bit of the other
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

/// c_n x^n + ... + c_1 x + c_0; coefficients from c_n down.
template <class D, class V, class... Lower>
HWY_INLINE V polynomial(D d, V x, double highest, Lower... lower) {
  using T = hn::TFromD<D>;
  V sum = hn::Set(d, static_cast<T>(highest));
  ((sum = hn::MulAdd(sum, x, hn::Set(d, static_cast<T>(lower)))), ...);
  return sum;
}

/// The numbers that differ between the two precisions. The polynomials interpolate at Chebyshev
/// nodes; their own error is in brackets.
template <class T>
struct ExponentialConstants;

template <>
struct ExponentialConstants<double> {
  using Int = std::int64_t;
  static constexpr int mantissa_bits = 52;
  static constexpr double exponent_bias = 1023.0;
  static constexpr double rounder = 6755399441055744.0;  // 1.5 2^52: adding it rounds to integers
  // High parts have so few digits that small multiples of them are exact.
  static constexpr double ln2_high = 0.6931471803691238, ln2_low = 1.9082149292705877e-10;
  static constexpr double pi_high = 3.1415926218032837, pi_low = 3.178650954705639e-8;
  // e^-200 is nothing beside 1 and far from the smallest double.
  static constexpr double largest_decay = 200.0;

  /// (e^r - 1)/r, |r| < 0.35 [6e-18]
  template <class D, class V>
  HWY_INLINE static V exponential_excess(D d, V r) {
    return polynomial(d, r, 2.51003854955103203e-08, 2.76200884454097462e-07,
                      2.75572684599970641e-06, 2.48015212959543761e-05, 1.98412698630536177e-04,
                      1.38888889172137167e-03, 8.33333333333006153e-03, 4.16666666666241289e-02,
                      1.66666666666666685e-01, 5.00000000000000111e-01, 1.0);
  }
  /// (cos(sqrt(t)) - 1)/t, |sqrt(t)| < 1.58 [2e-17]
  template <class D, class V>
  HWY_INLINE static V cosine_excess(D d, V t) {
    return polynomial(d, t, 4.64643595911248060e-14, -1.14662522597184788e-11,
                      2.08766815588673952e-09, -2.75573185733661754e-07, 2.48015872989135506e-05,
                      -1.38888888888847673e-03, 4.16666666666666574e-02, -0.5);
  }
  /// sin(sqrt(t))/sqrt(t), |sqrt(t)| < 1.58 [1e-18]
  template <class D, class V>
  HWY_INLINE static V sine(D d, V t) {
    return polynomial(d, t, 2.73144476698639948e-15, -7.64397029679857168e-13,
                      1.60589773124640870e-10, -2.50521076169961821e-08, 2.75573192191632342e-06,
                      -1.98412698412549741e-04, 8.33333333333331587e-03, -1.66666666666666657e-01,
                      1.0);
  }
};

template <>
struct ExponentialConstants<float> {
  using Int = std::int32_t;
  static constexpr int mantissa_bits = 23;
  static constexpr double exponent_bias = 127.0;
  static constexpr double rounder = 12582912.0;  // 1.5 2^23
  static constexpr double ln2_high = 0.693145751953125, ln2_low = 1.428606820309417e-06;
  static constexpr double pi_high = 3.140625, pi_low = 9.676535897931160e-4;
  static constexpr double largest_decay = 40.0;

  /// (e^r - 1)/r, |r| < 0.35 [3e-9]
  template <class D, class V>
  HWY_INLINE static V exponential_excess(D d, V r) {
    return polynomial(d, r, 1.39261835877134942e-03, 8.36317905272257814e-03,
                      4.16665546172045737e-02, 1.66665769896987753e-01, 0.5, 1.0);
  }
  /// (cos(sqrt(t)) - 1)/t, |sqrt(t)| < 1.58 [2e-9]
  template <class D, class V>
  HWY_INLINE static V cosine_excess(D d, V t) {
    return polynomial(d, t, -2.65460658054127788e-07, 2.47860824399494690e-05,
                      -1.38888125512469829e-03, 4.16666660783063802e-02, -0.5);
  }
  /// sin(sqrt(t))/sqrt(t), |sqrt(t)| < 1.58 [3e-8]
  template <class D, class V>
  HWY_INLINE static V sine(D d, V t) {
    return polynomial(d, t, 2.63475639181178118e-06, -1.98227394886311026e-04,
                      8.33324213509693823e-03, -1.66666659638211867e-01, 1.0);
  }
};

/// e^{-z} = signed_power e^r (cos t - i sin t), |r| < 0.35 and |t| < 1.58.
template <class V>
struct ReducedDecay {
  V signed_power, r, t;
};

/// For Re z >= 0, |Im z| <= 1e6. Beyond a Re z of 200 (40 in single precision) the modulus stays at
/// e^-200 (e^-40).
///
/// Not the library's exp, sin and cos: they would reduce the argument three times and choose signs
/// twice, which made the whole kernel 1.2 to 1.4 times slower.
template <class D, class V>
HWY_INLINE ReducedDecay<V> reduce_decay(D d, Complex<V> z) {
  using T = hn::TFromD<D>;
  using Constants = ExponentialConstants<T>;
  using Int = typename Constants::Int;
  const hn::Rebind<Int, D> d_int;
  const auto constant = [d](double value) HWY_ATTR { return hn::Set(d, static_cast<T>(value)); };
  const V x = hn::Min(z.re, constant(Constants::largest_decay));
  const V y = hn::Min(z.im, constant(1e6));

  // x = -n ln 2 - r. The low bits of `biased` hold n plus the exponent's bias.
  constexpr double to_biased = Constants::rounder + Constants::exponent_bias;
  const V biased = hn::NegMulAdd(x, constant(1.4426950408889634), constant(to_biased));
  const V n = hn::Sub(biased, constant(to_biased));
  const V r = hn::NegMulAdd(n, constant(Constants::ln2_low),
                            hn::NegMulAdd(n, constant(Constants::ln2_high), hn::Neg(x)));
  const auto power = hn::ShiftLeft<Constants::mantissa_bits>(hn::BitCast(d_int, biased));

  // y = q pi + t; the lowest bit of q is the sign of both sine and cosine.
  const V rounded = hn::MulAdd(y, constant(0.3183098861837907), constant(Constants::rounder));
  const V q = hn::Sub(rounded, constant(Constants::rounder));
  const V t = hn::NegMulAdd(q, constant(Constants::pi_low),
                            hn::NegMulAdd(q, constant(Constants::pi_high), y));
  const auto sign = hn::ShiftLeft<sizeof(T) * 8 - 1>(hn::BitCast(d_int, rounded));
  return {hn::BitCast(d, hn::Xor(power, sign)), r, t};
}

/// e^{-z}. Error, relative to e^{-Re z}: 2 units of 2^-53 (2^-24 in single precision) plus one for
/// each radian of |Im z| and each unit of Re z, that is, of the rounding of z itself.
template <class D, class V>
HWY_INLINE Complex<V> decaying_exponential(D d, Complex<V> z) {
  using Constants = ExponentialConstants<hn::TFromD<D>>;
  const auto [signed_power, r, t] = reduce_decay(d, z);
  const V one = hn::Set(d, hn::TFromD<D>(1));
  const V t2 = hn::Mul(t, t);
  const V modulus = hn::Mul(hn::MulAdd(Constants::exponential_excess(d, r), r, one), signed_power);
  return {hn::Mul(modulus, hn::MulAdd(Constants::cosine_excess(d, t2), t2, one)),
          hn::Mul(hn::Mul(modulus, hn::Neg(t)), Constants::sine(d, t2))};
}

template <class V>
struct Decay {
  Complex<V> decay;  ///< e^{-z}
  Complex<V> rest;   ///< 1 - e^{-z}
};

/// Errors of e^{-z} as above but 3 units; those of 1 - e^{-z} as many, relative to the smaller of
/// |z| and 1: what e^r and cos t have above 1 is kept apart for it.
template <class D, class V>
HWY_INLINE Decay<V> decay_and_rest(D d, Complex<V> z) {
  using Constants = ExponentialConstants<hn::TFromD<D>>;
  const auto [signed_power, r, t] = reduce_decay(d, z);
  const V one = hn::Set(d, hn::TFromD<D>(1));
  const V t2 = hn::Mul(t, t);
  const V above = hn::Mul(r, Constants::exponential_excess(d, r));
  const V cosine_above = hn::Mul(t2, Constants::cosine_excess(d, t2));
  const V modulus = hn::MulAdd(signed_power, above, signed_power);
  const V rest = hn::NegMulAdd(signed_power, above, hn::Sub(one, signed_power));
  const V imaginary = hn::Mul(hn::Mul(modulus, t), Constants::sine(d, t2));
  return {{hn::MulAdd(modulus, cosine_above, modulus), hn::Neg(imaginary)},
          {hn::NegMulAdd(modulus, cosine_above, rest), imaginary}};
}

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_MATH_INL_H
