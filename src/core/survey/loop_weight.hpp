// The geometry of transmitters and receivers as a weight of the reflection coefficient over
// wavenumber.
#pragma once

#include <vector>

#include "stratem/system.hpp"

namespace stratem::core {

/// w(lambda) in F(s) = integral over lambda of w(lambda) e^{-lambda H} r_TE(lambda, s): the sum
/// over all transmitter-receiver pairs of a moment, polarities, turns, scale and normalization
/// included, but not the peak current. Unit: T m per ampere (or per A m^2). The single source of
/// the weights of src/core/README.md for every backend.
class LoopWeight {
 public:
  LoopWeight(const Moment& moment, Normalization normalization);

  /// O(pairs), polygons O(pairs x sides x (1 + lambda x side length)) Bessel functions.
  double operator()(double lambda) const;

  /// Smallest sum of transmitter and receiver height over the pairs: H in F(s), m.
  double height_sum() const { return height_sum_; }
  /// The distance that determines the fastest oscillation of w, m: panels in lambda must resolve
  /// lambda x longest().
  double longest() const { return longest_; }
  /// The distance that determines the slowest oscillation of w, m; 0 if a part of w does not
  /// oscillate.
  double shortest() const { return shortest_; }

 private:
  struct Pair {
    Loop loop;
    double dx = 0.0, dy = 0.0;  // receiver relative to the loop's origin
    double extra_height = 0.0;  // above height_sum_
    Component component = Component::z;
    double gain = 1.0;
  };
  static double weight(const Pair& pair, double lambda);

  std::vector<Pair> pairs_;
  double height_sum_ = 0.0;
  double longest_ = 0.0;
  double shortest_ = 0.0;
};

}  // namespace stratem::core
