// r_TE of one layered earth at one Laplace node and wavenumber.
#pragma once

#include <cstdint>

#include "kernels/block.hpp"
#include "kernels/complex_math.hpp"

namespace stratem::kernels {

/// The recursion of src/core/README.md, in w_i = 2 u_i, upward from the lowest of `interfaces`:
///     R_i = (n + (w_i + w_{i+1})^2 E)/((w_i + w_{i+1})^2 + n E),  E = R_{i+1} e^{-w_{i+1} h_{i+1}}
/// with n = 4 (k_i - k_{i+1}): the coefficient of an interface is formed without cancellation.
template <class T, class Layers>
STRATEM_DEVICE Complex<T> reflection(const Layers& layers, const T* thickness,
                                     std::int32_t interfaces, T twice_wavenumber) {
  const T twice_square = T(0.5) * twice_wavenumber * twice_wavenumber;
  const auto twice_u = [&](std::int32_t i) {
    const Complex<T> k = layers.twice_k(i);
    return square_root_of_twice(Complex<T>{twice_square + k.re, k.im});
  };
  const auto up_through_interface = [](Complex<T> contrast, Complex<T> sum, Complex<T> echo) {
    const Complex<T> w2 = square(sum);
    return divide(contrast + w2 * echo, w2 + contrast * echo);
  };

  Complex<T> below = twice_u(interfaces);
  Complex<T> echo{T(0), T(0)};
  for (std::int32_t i = interfaces; i-- > 0;) {
    const Complex<T> here = twice_u(i);
    echo = up_through_interface(layers.contrast(i), here + below, echo);
    echo = echo * decaying_exponential(thickness[i] * here);
    below = here;
  }
  // The surface: in the air k = 0, u = lambda.
  const Complex<T> air_contrast = T(-2) * layers.twice_k(0);
  return up_through_interface(air_contrast, Complex<T>{twice_wavenumber + below.re, below.im},
                              echo);
}

/// How many of `interfaces`, from the top, lie no deeper than `reach`; `bottom` does not fall.
template <class T>
STRATEM_DEVICE std::int32_t within_reach(const T* bottom, std::int32_t interfaces, T reach) {
  while (interfaces > 0 && bottom[interfaces - 1] > reach) --interfaces;
  return interfaces;
}

}  // namespace stratem::kernels
