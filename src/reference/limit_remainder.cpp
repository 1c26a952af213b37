#include "reference/limit_remainder.hpp"

#include "core/simd/targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reference/limit_remainder.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
//
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "core/simd/complex-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::reference::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, 8>;
using V = hn::Vec<D>;
using Complex = core::HWY_NAMESPACE::Complex<V>;

HWY_INLINE Complex load(const NodeArray& from, std::size_t first) {
  const D d;
  return {hn::LoadU(d, from.re() + first), hn::LoadU(d, from.im() + first)};
}

/// a + z for a real a.
HWY_INLINE Complex sum(V a, Complex z) { return {hn::Add(a, z.re), z.im}; }

/// 1/z. The square of |z| must neither overflow nor underflow.
HWY_INLINE Complex inverse(Complex z) {
  const V norm = hn::MulAdd(z.re, z.re, hn::Mul(z.im, z.im));
  const V over = hn::Div(hn::Set(D(), 1.0), norm);
  return {hn::Mul(z.re, over), hn::Neg(hn::Mul(z.im, over))};
}

/// The principal root of such a z, which must not be 0.
HWY_INLINE Complex square_root(Complex z) {
  const D d;
  const V half = hn::Set(d, 0.5);
  const V modulus = hn::Sqrt(hn::MulAdd(z.re, z.re, hn::Mul(z.im, z.im)));
  const V larger = hn::Sqrt(hn::Mul(half, hn::Add(modulus, hn::Abs(z.re))));
  const V smaller = hn::Div(hn::Mul(half, hn::Abs(z.im)), larger);
  const auto left = hn::Lt(z.re, hn::Zero(d));
  return {hn::IfThenElse(left, smaller, larger),
          hn::CopySign(hn::IfThenElse(left, larger, smaller), z.im)};
}

/// e^z - 1 without cancellation, for Re z that does not overflow. The library reduces angles up to
/// 39,000. If they are larger, a layer's Re z is far below -40, and the result is -1.
HWY_INLINE Complex expm1(Complex z) {
  const D d;
  const V one = hn::Set(d, 1.0);
  const V half =
      hn::Clamp(hn::Mul(z.im, hn::Set(d, 0.5)), hn::Set(d, -19000.0), hn::Set(d, 19000.0));
  const V growth = hn::Expm1(d, hn::Max(z.re, hn::Set(d, -40.0)));
  const V sine = hn::Sin(d, half);
  const V twice = hn::Mul(hn::Add(sine, sine), hn::Add(growth, one));
  return {hn::NegMulAdd(twice, sine, growth), hn::Mul(twice, hn::Cos(d, half))};
}

/// u - lambda of a layer, u = sqrt(lambda^2 + k): k/(u + lambda).
HWY_INLINE Complex excess(V lambda, Complex k) {
  return multiply(k, inverse(sum(lambda, square_root(sum(hn::Mul(lambda, lambda), k)))));
}

/// Computes the nodes of one vector, upward from the top of the last layer. Interface i lies below
/// layer i - 1, and interface 0 below the air. In a layer u = lambda + v, and no quantity is ever
/// subtracted from lambda.
template <Limit limit>
HWY_INLINE Complex remainder_of(const Reach& reach, const std::vector<NodeArray>& k,
                                std::size_t first) {
  const D d;
  const V zero = hn::Zero(d);
  const V one = hn::Set(d, 1.0);
  const V lambda = hn::Set(d, reach.lambda);
  const V over_four_lambda2 = hn::Set(d, 1.0 / (4.0 * reach.lambda * reach.lambda));
  Complex linear{zero, zero};  // the limit, of the interfaces so far
  Complex result{zero, zero};
  Complex k_below = load(k[reach.layers() - 1], first);
  Complex v_below = excess(lambda, k_below);
  for (std::size_t i = reach.layers(); i-- > 0;) {
    Complex k_above{zero, zero};
    Complex v_above{zero, zero};
    if (i > 0) {
      k_above = load(k[i - 1], first);
      v_above = excess(lambda, k_above);
    }
    const Complex v_sum = sum(v_above, v_below);
    const Complex over_sum = inverse(sum(hn::Add(lambda, lambda), v_sum));  // 1/(u_above + u_below)
    const Complex contrast = difference(k_above, k_below);
    const Complex r = multiply(contrast, square(over_sum));

    // R = (r + R' E)/(1 + r R' E) below layer i, E = e^{-2 u_i h_i} = E0 (1 + x).
    V e0 = zero;
    Complex x{zero, zero};
    if (i + 1 < reach.layers()) {
      e0 = hn::Set(d, reach.attenuation[i]);
      x = expm1(multiply(hn::Set(d, -2.0 * reach.thickness[i]), v_below));
    }
    const Complex e = multiply(e0, sum(one, x));
    if constexpr (limit == Limit::linear) {
      const Complex echo = multiply(e, sum(linear, result));
      const Complex remainder_echo = sum_of_products(e, result, multiply(e0, linear), x);
      const Complex four = sum(hn::Mul(hn::Set(d, 4.0), lambda), v_sum);
      const Complex minus_remainder_r =
          multiply(over_four_lambda2, multiply(multiply(r, v_sum), four));
      linear = sum(multiply(over_four_lambda2, contrast), multiply(e0, linear));
      const Complex r_echo = multiply(r, echo);
      const Complex rest =
          difference(remainder_echo, multiply_add(linear, r_echo, minus_remainder_r));
      result = multiply(rest, inverse(sum(one, r_echo)));
    } else {
      // 1 + r = 2 u_above/(u_above + u_below), and 1 + R = (1 + r)(1 + R' E)/(1 + r R' E).
      const Complex echo = multiply(e, sum(hn::Neg(one), result));
      const Complex of_r = multiply(hn::Set(d, 2.0), multiply(sum(lambda, v_above), over_sum));
      result = multiply(multiply(of_r, sum(one, echo)), inverse(sum(one, multiply(r, echo))));
    }
    k_below = k_above;
    v_below = v_above;
  }
  return result;
}

template <Limit limit>
HWY_INLINE void remainder_at_all(const Reach& reach, const std::vector<NodeArray>& k,
                                 NodeArray& result) {
  const D d;
  for (std::size_t first = 0; first < result.size(); first += hn::Lanes(d)) {
    const Complex value = remainder_of<limit>(reach, k, first);
    hn::StoreU(value.re, d, result.re() + first);
    hn::StoreU(value.im, d, result.im() + first);
  }
}

void limit_remainder(Limit limit, const Reach& reach, const std::vector<NodeArray>& k,
                     NodeArray& result) {
  if (limit == Limit::linear) {
    remainder_at_all<Limit::linear>(reach, k, result);
  } else {
    remainder_at_all<Limit::mirror>(reach, k, result);
  }
}

}  // namespace stratem::reference::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stratem::reference {

HWY_EXPORT(limit_remainder);

void limit_remainder(Limit limit, const Reach& reach, const std::vector<NodeArray>& k,
                     NodeArray& result) {
  HWY_DYNAMIC_DISPATCH(limit_remainder)(limit, reach, k, result);
}

}  // namespace stratem::reference
#endif
