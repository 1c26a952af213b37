#include "core/survey/receiver_filter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace stratem::core {
namespace {

double angular_cutoff(const LowPass& filter) { return 2.0 * std::numbers::pi * filter.cutoff; }

}  // namespace

std::complex<double> ReceiverFilter::operator()(std::complex<double> s) const {
  std::complex<double> gain = 1.0;
  for (const auto& filter : low_pass_) {
    const std::complex<double> x = s / angular_cutoff(filter);
    if (filter.damping) {
      gain /= 1.0 + x * (2.0 * *filter.damping + x);
    } else {
      for (int i = 0; i < filter.order; ++i) gain /= 1.0 + x;
    }
  }
  return gain;
}

int ReceiverFilter::order() const {
  int order = 0;
  for (const auto& filter : low_pass_) order += filter.damping ? 2 : filter.order;
  return order;
}

double ReceiverFilter::slowest_decay() const {
  double slowest = std::numeric_limits<double>::infinity();
  for (const auto& filter : low_pass_) {
    double decay = angular_cutoff(filter);
    if (filter.damping) {
      const double zeta = *filter.damping;
      // The slower of the two real poles, or the real part of the conjugate pair.
      decay *= zeta > 1.0 ? 1.0 / (zeta + std::sqrt(zeta * zeta - 1.0)) : zeta;
    }
    slowest = std::min(slowest, decay);
  }
  return slowest;
}

double ReceiverFilter::pole_angle() const {
  double angle = 0.0;
  for (const auto& filter : low_pass_) {
    if (filter.damping && *filter.damping < 1.0)
      angle = std::max(angle, std::acos(*filter.damping));
  }
  return angle;
}

}  // namespace stratem::core
