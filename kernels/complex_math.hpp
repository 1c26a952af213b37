// Complex numbers and the elementary functions of the kernel, on a device and on the host.
#pragma once

#include <cmath>

#include "kernels/block.hpp"
#include "kernels/elementary.hpp"

namespace stratem::kernels {

/// A complex number that a device loads and stores as one word.
template <class T>
struct alignas(2 * sizeof(T)) Complex {
  T re, im;
};

template <class T>
STRATEM_DEVICE Complex<T> operator+(Complex<T> a, Complex<T> b) {
  return {a.re + b.re, a.im + b.im};
}

template <class T>
STRATEM_DEVICE Complex<T> operator*(T a, Complex<T> b) {
  return {a * b.re, a * b.im};
}

template <class T>
STRATEM_DEVICE Complex<T> operator*(Complex<T> a, Complex<T> b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

template <class T>
STRATEM_DEVICE Complex<T> square(Complex<T> z) {
  return {z.re * z.re - z.im * z.im, (z.re + z.re) * z.im};
}

/// 1/x, for x > 0 whose square neither overflows nor underflows: 1 ulp.
template <class T>
STRATEM_DEVICE T reciprocal(T x) {
#if defined(__CUDA_ARCH__)
  if constexpr (sizeof(T) == 8) return elementary::reciprocal(x);
#endif
  return T(1) / x;
}

/// a / b. The square of |b| must neither overflow nor underflow.
template <class T>
STRATEM_DEVICE Complex<T> divide(Complex<T> a, Complex<T> b) {
  const T over = reciprocal(b.re * b.re + b.im * b.im);
  return {over * (a.re * b.re + a.im * b.im), over * (a.im * b.re - a.re * b.im)};
}

template <class T>
struct RootAndQuotient {
  T root, quotient;
};

/// sqrt(x) and y / sqrt(x), for x > 0: 2 ulp.
template <class T>
STRATEM_DEVICE RootAndQuotient<T> root_and_quotient(T x, T y) {
#if defined(__CUDA_ARCH__)
  // A device has an instruction for 1/sqrt(x) but none for roots and quotients.
  T inverse;
  if constexpr (sizeof(T) == 8) {
    inverse = elementary::inverse_root(x);
  } else {
    inverse = rsqrt(x);
  }
  return {x * inverse, y * inverse};
#else
  const T root = std::sqrt(x);
  return {root, y / root};
#endif
}

/// sqrt(2 z) with a positive real part: a few ulp of its modulus where |z|^2 neither overflows nor
/// underflows. Both halves of the plane are free of cancellation.
template <class T>
STRATEM_DEVICE Complex<T> square_root_of_twice(Complex<T> z) {
  const T norm = z.re * z.re + z.im * z.im;
  const T modulus = root_and_quotient(norm, T(0)).root;
  const RootAndQuotient<T> part = root_and_quotient(modulus + std::abs(z.re), z.im);
  const bool left = z.re < T(0);
  return {left ? std::abs(part.quotient) : part.root,
          left ? std::copysign(part.root, z.im) : part.quotient};
}

/// e^{i y}. Error: 2 ulp, in single precision on a device also half an ulp for each radian of |y|.
template <class T>
STRATEM_DEVICE Complex<T> direction(T y) {
#if defined(__CUDA_ARCH__)
  if constexpr (sizeof(T) == 8) {
    const elementary::CosineAndSine at = elementary::cosine_and_sine(y);
    return {at.cosine, at.sine};
  } else {
    // In half turns the argument is reduced exactly, and without sincos's branch for large ones.
    Complex<T> result;
    sincospif(static_cast<T>(0.31830988618379067154) * y, &result.im, &result.re);
    return result;
  }
#else
  return {std::cos(y), std::sin(y)};
#endif
}

template <class T>
struct RealDecay {
  T decay, less;
};

/// e^{-x} and e^{-x} - 1 for x >= 0: 2 ulp.
template <class T>
STRATEM_DEVICE RealDecay<T> real_decay(T x) {
#if defined(__CUDA_ARCH__)
  if constexpr (sizeof(T) == 8) {
    const elementary::RealDecay at = elementary::real_decay(x);
    return {at.decay, at.less};
  }
#endif
  return {std::exp(-x), std::expm1(-x)};
}

/// e^{-z} for Re z >= 0. Error, relative to e^{-Re z}: a few ulp, plus one ulp for each radian of
/// |Im z| from the rounding of z itself.
template <class T>
STRATEM_DEVICE Complex<T> decaying_exponential(Complex<T> z) {
  return real_decay(z.re).decay * direction(-z.im);
}

template <class T>
struct Decay {
  Complex<T> decay;  ///< e^{-z}
  Complex<T> rest;   ///< 1 - e^{-z}
};

/// For Re z >= 0. Errors are those of decaying_exponential; for 1 - e^{-z} they are relative to the
/// smaller of |z| and 1.
template <class T>
STRATEM_DEVICE Decay<T> decay_and_rest(Complex<T> z) {
  const RealDecay<T> modulus = real_decay(z.re);
  const Complex<T> half = direction(T(0.5) * z.im);
  const T less = T(2) * half.im * half.im;  // 1 - cos Im z
  const T imaginary = modulus.decay * (T(2) * half.im * half.re);
  return {{modulus.decay - modulus.decay * less, -imaginary},
          {modulus.decay * less - modulus.less, imaginary}};
}

}  // namespace stratem::kernels
