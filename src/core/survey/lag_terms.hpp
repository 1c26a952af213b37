// Waveform, base frequency and gates of a moment as sums over lags of its response to a step-off.
#pragma once

#include <complex>
#include <vector>

#include "stratem/system.hpp"

namespace stratem::core {

/// One term of a gate's response, a functional of the step-off response's Laplace transform F(s):
///     coefficient x mean over x in [0, segment], y in [0, gate] of L^-1[F(s)/s^order](lag + x +
///     y).
/// lag > 0. Means are free of cancellation; differences of an antiderivative would cancel.
struct LagTerm {
  double lag = 0.0;      ///< s
  double segment = 0.0;  ///< s, the part of a segment of the waveform that the term represents
  double gate = 0.0;     ///< s, the part of the gate
  int order = 0;
  double coefficient = 0.0;

  double last_lag() const { return lag + segment + gate; }
};

/// All terms of one gate. Every term's last lag is at most twice its first, so that one Laplace
/// contour serves it. Terms of orders that no mean can replace (a segment or gate that reaches lag
/// 0: times in the on-time) are split into antiderivatives at single lags. Currents are divided by
/// their peak.
std::vector<LagTerm> lag_terms(const Moment& moment, const Gate& gate);

/// The factor of F(s) in the inverse transform of a term: coefficient e^{s lag} mean e^{s x} mean
/// e^{s y} / s^order.
std::complex<double> kernel(const LagTerm& term, std::complex<double> s);

}  // namespace stratem::core
