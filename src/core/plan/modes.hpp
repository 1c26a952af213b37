// The responses of a system's gates to single modes, and how much each mode can matter.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/survey/lag_octaves.hpp"
#include "core/survey/loop_weight.hpp"
#include "stratem/options.hpp"

namespace stratem::core {

/// A transform that is real for real s. Without polarization F(s) is a superposition of -s/(s + x)
/// over rates x > 0. Polarizable layers add pairs of conjugate rates, which are oscillations.
class Mode {
 public:
  enum class Kind : std::uint8_t {
    decay,             ///< s/(s + x)
    even_oscillation,  ///< the mean of s/(s + x) and s/(s + conj x)
    odd_oscillation    ///< their difference by 2i
  };
  Mode(Kind kind, std::complex<double> rate) : kind_(kind), rate_(rate) {}

  template <class T>
  std::complex<T> operator()(std::complex<T> s) const {
    return of_pair(s, decay<T>);
  }

  /// How the value changes with log s.
  std::complex<double> slope(std::complex<double> s) const {
    return of_pair(s, [](std::complex<double> at, std::complex<double> x) {
      const std::complex<double> sum = at + x;
      return (at / sum) * (x / sum);
    });
  }

 private:
  template <class T, class Value>
  std::complex<T> of_pair(std::complex<T> s, const Value& value) const {
    const std::complex<T> x{static_cast<T>(rate_.real()), static_cast<T>(rate_.imag())};
    const std::complex<T> one = value(s, x);
    if (kind_ == Kind::decay) return one;
    const std::complex<T> other = value(s, std::conj(x));
    if (kind_ == Kind::even_oscillation) return T(0.5) * (one + other);
    const std::complex<T> twice = one - other;
    return {T(0.5) * twice.imag(), T(-0.5) * twice.real()};
  }

  /// s/(s + x), whose imaginary part is free of cancellation.
  template <class T>
  static std::complex<T> decay(std::complex<T> s, std::complex<T> x) {
    const T over = T(1) / std::norm(s + x);
    return {(s.real() * (s.real() + x.real()) + s.imag() * (s.imag() + x.imag())) * over,
            (s.imag() * x.real() - s.real() * x.imag()) * over};
  }

  Kind kind_;
  std::complex<double> rate_;  // x, 1/s
};

/// The data that the weights of a window's gates are fitted to. Gates of one geometry are
/// neighbours.
struct GateModes {
  std::vector<Mode> mode;
  Eigen::MatrixXd response;      ///< [modes, gates] of the gates to F = -mode
  Eigen::MatrixXd significance;  ///< [modes, gates]: largest share of a mode in a response
  Eigen::VectorXd constant;      ///< [gates], response to F = 1
  Eigen::VectorXd linear;        ///< [gates], response to F = s
  std::vector<Eigen::Index> gates_of_geometry;
};

/// The range of ground models that a plan is declared for.
struct GroundRange {
  double least_resistivity = 0.0;  ///< ohm-m
  double most_resistivity = 0.0;
  double angle = 0.0;  ///< rad: largest singularity_angle() of polarizable layers
};

/// The gates of a window that one geometry serves, and that geometry.
struct GeometryGates {
  std::vector<std::size_t> gates;  ///< indices among all gates of the system
  const std::vector<LagOctave>* octaves = nullptr;
  const LoopWeight* weight = nullptr;
  Range height_sum;  ///< of transmitter and receiver, m
};

/// Modes from rates far below 1/last to far above 1/first, where first and last are the times of
/// the earliest and latest gate of all geometries. The significance of a mode for a gate is an
/// envelope of the mode's spectral density divided by the gate's response. The envelope is over
/// half-spaces of the declared resistivities and over thin sheets on the most resistive ground,
/// bare or below a cover of that ground. Of the oscillations, only those of the greatest angle are
/// included: the misfit is analytic in the rate and therefore largest at the sector's edge. Their
/// significance is a small part of that of the decay of the same modulus. Octaves must be made for
/// that angle.
GateModes gate_modes(const std::vector<GeometryGates>& geometries, const GroundRange& range,
                     double first, double last);

}  // namespace stratem::core
