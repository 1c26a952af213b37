// r_TE of one layered earth at one Laplace node and wavenumber.
#pragma once

#include <cstdint>

#include "kernels/block.hpp"
#include "kernels/complex_math.hpp"

namespace stratem::kernels {

/// The first recursion of src/core/README.md, in w_i = 2 u_i, upward from the lowest of
/// `interfaces`:
///     R_i = (n + (w_i + w_{i+1})^2 E)/((w_i + w_{i+1})^2 + n E),  E = R_{i+1} e^{-w_{i+1} h_{i+1}}
/// with n = 4 (k_i - k_{i+1}).
template <class Layers>
STRATEM_DEVICE Complex<double> echo_reflection(const Layers& layers, const double* thickness,
                                               std::int32_t interfaces, double twice_wavenumber) {
  const double twice_square = 0.5 * twice_wavenumber * twice_wavenumber;
  const auto twice_u = [&](std::int32_t i) {
    const Complex<double> k = layers.twice_k(i);
    return square_root_of_twice(Complex<double>{twice_square + k.re, k.im});
  };
  const auto up_through_interface = [](Complex<double> contrast, Complex<double> sum,
                                       Complex<double> echo) {
    const Complex<double> w2 = square(sum);
    return divide(contrast + w2 * echo, w2 + contrast * echo);
  };

  Complex<double> below = twice_u(interfaces);
  Complex<double> echo{0.0, 0.0};
  for (std::int32_t i = interfaces; i-- > 0;) {
    const Complex<double> here = twice_u(i);
    // No wave comes back from below the lowest interface.
    echo = i + 1 == interfaces ? divide(layers.contrast(i), square(here + below))
                               : up_through_interface(layers.contrast(i), here + below, echo);
    echo = echo * decaying_exponential(thickness[i] * here);
    below = here;
  }
  // The surface: in the air k = 0, u = lambda.
  const Complex<double> air_contrast = -2.0 * layers.twice_k(0);
  return up_through_interface(air_contrast, Complex<double>{twice_wavenumber + below.re, below.im},
                              echo);
}

/// The second recursion, which is free of cancellation, upward from the layer below the lowest of
/// `interfaces`. With g_i = w_i + 2 lambda, K_i = 4 k_i, e_i = e^{-w_i h_i} and y for 2 Y:
///     y_i = (K_i (y' + g_i (1 - e_i)) + g_i^2 e_i y')/(g_i^2 + K_i e_i + g_i (1 - e_i) y')
template <class T, class Layers>
STRATEM_DEVICE Complex<T> admittance_reflection(const Layers& layers, const T* thickness,
                                                std::int32_t interfaces, T twice_wavenumber) {
  const T twice_square = T(0.5) * twice_wavenumber * twice_wavenumber;
  Complex<T> y{T(0), T(0)};
  for (std::int32_t i = interfaces; i >= 0; --i) {
    const Complex<T> k2 = layers.twice_k(i);
    const Complex<T> k4 = k2 + k2;
    const Complex<T> w = square_root_of_twice(Complex<T>{twice_square + k2.re, k2.im});
    const Complex<T> g{w.re + twice_wavenumber, w.im};
    if (i == interfaces) {
      y = divide(k4, g);
      continue;
    }
    const Decay<T> decay = decay_and_rest(thickness[i] * w);
    const Complex<T> g_rest = g * decay.rest;
    const Complex<T> g2 = square(g);
    y = divide(k4 * (y + g_rest) + g2 * (decay.decay * y), g2 + k4 * decay.decay + g_rest * y);
  }
  // r_TE = -Y/(2 lambda + Y)
  return divide(T(-1) * y, Complex<T>{T(2) * twice_wavenumber + y.re, y.im});
}

/// Chooses the recursion. Single precision needs the second one; so do polarizable layers, for
/// which no wavenumbers are left out, and plans that ask for it. All others take the first, which
/// is faster.
template <class T, class Layers>
STRATEM_DEVICE Complex<T> reflection(const Layers& layers, const T* thickness,
                                     std::int32_t interfaces, T twice_wavenumber) {
  if constexpr (Layers::has_contrasts) {
    return echo_reflection(layers, thickness, interfaces, twice_wavenumber);
  } else {
    return admittance_reflection(layers, thickness, interfaces, twice_wavenumber);
  }
}

}  // namespace stratem::kernels
