// The responses of all gates as weighted sums of the transform F(s) on Laplace contours, one
// contour for each octave of lags.
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

#include "core/geometry_group.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// What one gate takes from one octave of lags: response += Re sum_j weight[j] F(node j).
struct GateShare {
  std::size_t gate = 0;  ///< among all gates of the system
  std::vector<std::complex<double>> weight;
  /// Response to F(s) = s: exactly 0 for terms that no part of F linear in s can reach.
  double linear_response = 0.0;
  /// The same for F(s) = 1.
  double constant_response = 0.0;
};

struct LagOctave {
  double first_lag = 0.0;  ///< s; the octave's terms start in [first_lag, 2 first_lag)
  /// Parts of F linear in s, and wavenumbers whose modes have died out at first_lag, still count:
  /// through the filters' memory, or through antiderivatives, which do not decay.
  bool remembers = false;
  /// A constant part of F counts.
  bool constant_counts = false;
  std::vector<std::complex<double>> node;  ///< 1/s
  std::vector<GateShare> shares;
};

/// Waveforms, base frequencies, filters, gates and gains of a group of moments. F is the transform
/// of the group's first moment, whose singularities lie up to `angle` radians off the negative real
/// axis. The sum over all octaves is right to about 1e-14 of the largest term.
std::vector<LagOctave> lag_octaves(const System& system, const std::vector<GroupMember>& group,
                                   double angle = 0.0);

}  // namespace stratem::core
