// The receiver's low-pass filters as one transfer function of the Laplace variable.
#pragma once

#include <complex>
#include <vector>

#include "stratem/system.hpp"

namespace stratem::core {

/// Product of a moment's filters: prod 1/(1 + s/w)^order for first-order sections, prod 1/(1 + 2
/// zeta s/w + (s/w)^2) for damped coils, w = 2 pi cutoff.
class ReceiverFilter {
 public:
  explicit ReceiverFilter(const std::vector<LowPass>& low_pass) : low_pass_(low_pass) {}

  std::complex<double> operator()(std::complex<double> s) const;

  /// Number of poles, each counted as often as it occurs.
  int order() const;
  /// Slowest decay of the filters' own step response, 1/s; infinite without filters.
  double slowest_decay() const;
  /// Largest angle, in radians, between a pole and the negative real axis.
  double pole_angle() const;

 private:
  std::vector<LowPass> low_pass_;
};

}  // namespace stratem::core
