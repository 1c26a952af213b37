// Complex arithmetic on vectors of real and of imaginary parts, written once for every instruction
// set: foreach_target.h includes this file again for each.
#if defined(STRATEM_CORE_SIMD_COMPLEX_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CORE_SIMD_COMPLEX_INL_H
#undef STRATEM_CORE_SIMD_COMPLEX_INL_H
#else
#define STRATEM_CORE_SIMD_COMPLEX_INL_H
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stratem::core::HWY_NAMESPACE {
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

/// a z for a real a.
template <class V>
HWY_INLINE Complex<V> multiply(V a, Complex<V> z) {
  return {hn::Mul(a, z.re), hn::Mul(a, z.im)};
}

/// a + b
template <class V>
HWY_INLINE Complex<V> sum(Complex<V> a, Complex<V> b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}

/// a - b
template <class V>
HWY_INLINE Complex<V> difference(Complex<V> a, Complex<V> b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
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

/// a / b. The square of |b| must neither overflow nor underflow.
template <class D, class V>
HWY_INLINE Complex<V> divide(D d, Complex<V> a, Complex<V> b) {
  const V norm = hn::MulAdd(b.re, b.re, hn::Mul(b.im, b.im));
  const V over = hn::Div(hn::Set(d, hn::TFromD<D>(1)), norm);
  return {hn::Mul(over, hn::MulAdd(a.re, b.re, hn::Mul(a.im, b.im))),
          hn::Mul(over, hn::NegMulAdd(a.re, b.im, hn::Mul(a.im, b.re)))};
}

}  // namespace stratem::core::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CORE_SIMD_COMPLEX_INL_H
