// Complex functions that the standard library lacks, or computes slowly.
#pragma once

#include <cmath>
#include <complex>

namespace stratem::base {

/// e^z - 1 without cancellation.
inline std::complex<double> complex_expm1(std::complex<double> z) {
  const double growth = std::expm1(z.real());
  const double sine = std::sin(0.5 * z.imag());
  const double cosine = std::cos(0.5 * z.imag());
  return {growth * (1.0 - 2.0 * sine * sine) - 2.0 * sine * sine,
          (1.0 + growth) * 2.0 * sine * cosine};
}

/// numerator / denominator, whose square neither overflows nor underflows.
inline std::complex<double> complex_quotient(std::complex<double> numerator,
                                             std::complex<double> denominator) {
  const double over = 1.0 / std::norm(denominator);
  return {(numerator.real() * denominator.real() + numerator.imag() * denominator.imag()) * over,
          (numerator.imag() * denominator.real() - numerator.real() * denominator.imag()) * over};
}

/// The principal root of a z whose square neither overflows nor underflows.
inline std::complex<double> complex_sqrt(std::complex<double> z) {
  const double larger = std::sqrt(0.5 * (std::sqrt(std::norm(z)) + std::abs(z.real())));
  const double smaller = larger > 0.0 ? 0.5 * std::abs(z.imag()) / larger : 0.0;
  return z.real() >= 0.0 ? std::complex(larger, std::copysign(smaller, z.imag()))
                         : std::complex(smaller, std::copysign(larger, z.imag()));
}

}  // namespace stratem::base
