// Complex functions that the standard library lacks.
#pragma once

#include <cmath>
#include <complex>

namespace stratem::core {

/// e^z - 1 without cancellation.
inline std::complex<double> complex_expm1(std::complex<double> z) {
  const double growth = std::expm1(z.real());
  const double sine = std::sin(0.5 * z.imag());
  const double cosine = std::cos(0.5 * z.imag());
  return {growth * (1.0 - 2.0 * sine * sine) - 2.0 * sine * sine,
          (1.0 + growth) * 2.0 * sine * cosine};
}

}  // namespace stratem::core
