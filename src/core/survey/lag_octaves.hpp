// The responses of all gates as weighted sums of the transform F(s) on Laplace contours, one
// contour for each octave of lags.
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

#include "core/survey/geometry_group.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The contribution of one octave of lags to one gate: response += Re sum_j weight[j] F(node j).
struct GateShare {
  std::size_t gate = 0;  ///< among all gates of the system
  std::vector<std::complex<double>> weight;
  /// Response to F(s) = s: exactly 0 for terms to which no part of F linear in s contributes.
  double linear_response = 0.0;
  /// The same for F(s) = 1.
  double constant_response = 0.0;
};

struct LagOctave {
  double first_lag = 0.0;  ///< s; the octave's terms start in [first_lag, 2 first_lag)
  /// Whether parts of F linear in s, and wavenumbers whose modes have decayed at first_lag, still
  /// contribute: through the filters' memory, or through antiderivatives, which do not decay.
  bool remembers = false;
  /// Whether a constant part of F contributes.
  bool constant_counts = false;
  std::vector<std::complex<double>> node;  ///< 1/s
  std::vector<GateShare> shares;
};

/// Computes the octaves of a group of moments from their waveforms, base frequencies, filters,
/// gates and gains. F is the transform of the group's first moment, whose singularities lie up to
/// `angle` radians off the negative real axis. The error of the sum over all octaves is about 1e-14
/// of the largest term.
std::vector<LagOctave> lag_octaves(const System& system, const std::vector<GroupMember>& group,
                                   double angle = 0.0);

}  // namespace stratem::core
