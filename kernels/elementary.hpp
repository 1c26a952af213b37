// Elementary functions in double precision for the kernel on a device: straight-line code that does
// without the branches of the CUDA library's functions for arguments that no model has. The same
// source runs on the host, for tests.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "kernels/block.hpp"

namespace stratem::kernels::elementary {

/// a b + c, rounded once.
STRATEM_DEVICE double fused(double a, double b, double c) { return std::fma(a, b, c); }

STRATEM_DEVICE std::uint64_t bits_of(double value) {
#if defined(__CUDA_ARCH__)
  return static_cast<std::uint64_t>(__double_as_longlong(value));
#else
  return std::bit_cast<std::uint64_t>(value);
#endif
}

STRATEM_DEVICE double of_bits(std::uint64_t bits) {
#if defined(__CUDA_ARCH__)
  return __longlong_as_double(static_cast<long long>(bits));
#else
  return std::bit_cast<double>(bits);
#endif
}

/// The smaller of x >= 0 and `bound`, to 2^-20 of the bound: a comparison of the high words.
STRATEM_DEVICE double at_most(double x, double bound) {
#if defined(__CUDA_ARCH__)
  return __hiloint2double(::min(__double2hiint(x), __double2hiint(bound)), __double2loint(x));
#else
  return std::fmin(x, bound);
#endif
}

/// 1/x for 1e-300 < |x| < 1e300: 1 ulp. A device's estimate is right to 20 bits; a step of third
/// order triples them.
STRATEM_DEVICE double reciprocal(double x) {
#if defined(__CUDA_ARCH__)
  double estimate;
  asm("rcp.approx.ftz.f64 %0, %1;" : "=d"(estimate) : "d"(x));
#else
  const double estimate = static_cast<double>(1.0F / static_cast<float>(x));
#endif
  const double error = fused(-x, estimate, 1.0);
  return fused(estimate, fused(error, error, error), estimate);
}

/// 1/sqrt(x) for 1e-300 < x < 1e300: 1 ulp.
STRATEM_DEVICE double inverse_root(double x) {
#if defined(__CUDA_ARCH__)
  double estimate;
  asm("rsqrt.approx.ftz.f64 %0, %1;" : "=d"(estimate) : "d"(x));
#else
  const double estimate = static_cast<double>(1.0F / std::sqrt(static_cast<float>(x)));
#endif
  const double error = fused(-x * estimate, estimate, 1.0);
  return fused(estimate * error, fused(error, 0.375, 0.5), estimate);
}

/// Added to a number below 2^51, this leaves the nearest integer in the low bits of the sum.
inline constexpr double to_integer = 0x1.8p52;

struct RealDecay {
  double decay;  ///< e^{-x}
  double less;   ///< e^{-x} - 1, relative to the smaller of x and 1
};

/// For x >= 0: 2 ulp. From 704 on, e^{-x} is about 1e-306.
STRATEM_DEVICE RealDecay real_decay(double x) {
  // -x = n ln 2 + r, |r| <= ln(2)/2.
  const double held = at_most(x, 704.0);
  const double shifted = fused(-held, 0x1.71547652b82fep0, to_integer);
  const double n = shifted - to_integer;
  double r = fused(-n, 0x1.62e42fefa39efp-1, -held);
  r = fused(-n, 2.3190468138462996e-17, r);
  // (e^r - 1 - r)/r^2, to 4e-17.
  double p = 2.510038549551032e-08;
  p = fused(p, r, 2.7620088445409746e-07);
  p = fused(p, r, 2.7557268459997064e-06);
  p = fused(p, r, 2.4801521295954376e-05);
  p = fused(p, r, 1.9841269863053618e-04);
  p = fused(p, r, 1.3888888917213717e-03);
  p = fused(p, r, 8.333333333330062e-03);
  p = fused(p, r, 4.166666666662413e-02);
  p = fused(p, r, 1.6666666666666669e-01);
  p = fused(p, r, 0.5);
  const double less = fused(r * r, p, r);
  const double power = of_bits((bits_of(shifted) << 52) + bits_of(1.0));  // 2^n
  return {fused(power, less, power), fused(power, less, power - 1.0)};
}

struct CosineAndSine {
  double cosine, sine;
};

/// For |y| < 2^51: 2 ulp of 1.
STRATEM_DEVICE CosineAndSine cosine_and_sine(double y) {
  // y = q pi/2 + r, |r| <= pi/4.
  const double shifted = fused(y, 0x1.45f306dc9c883p-1, to_integer);
  const double q = shifted - to_integer;
  double r = fused(-q, 1.5707963267948966, y);
  r = fused(-q, 6.123233995736766e-17, r);
  const double z = r * r;
  // (sin(r)/r - 1)/r^2, to 2e-17.
  double s = 1.591810123027412e-10;
  s = fused(s, z, -2.5051131455427946e-08);
  s = fused(s, z, 2.755731610068303e-06);
  s = fused(s, z, -1.984126983675497e-04);
  s = fused(s, z, 8.333333333330946e-03);
  s = fused(s, z, -1.6666666666666666e-01);
  const double sine = fused(r * z, s, r);
  // (cos r - 1 + r^2/2)/r^4, to 1e-18.
  double c = -1.1382614868556325e-11;
  c = fused(c, z, 2.0876146024689747e-09);
  c = fused(c, z, -2.7557317270560326e-07);
  c = fused(c, z, 2.4801587298763433e-05);
  c = fused(c, z, -1.3888888888887395e-03);
  c = fused(c, z, 4.1666666666666664e-02);
  c = fused(c, z, -0.5);
  const double cosine = fused(c, z, 1.0);
  const std::uint64_t quadrant = bits_of(shifted);
  const bool odd = (quadrant & 1U) != 0;
  return {of_bits(bits_of(odd ? sine : cosine) ^ (((quadrant + 1) & 2U) << 62U)),
          of_bits(bits_of(odd ? cosine : sine) ^ ((quadrant & 2U) << 62U))};
}

}  // namespace stratem::kernels::elementary
