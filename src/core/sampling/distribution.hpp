// Counter-based random numbers, and distributions by inversion, for sampling of priors.
#pragma once

#include <cstdint>

#include "stratem/sampling.hpp"

namespace stratem::core {

/// The position of a random number. The number is a pure function of these four values, so it is
/// the same on any machine, in any thread and any shard.
struct RandomCounter {
  std::uint64_t seed = 0;
  std::uint64_t model = 0;
  std::uint32_t parameter = 0;
  std::uint32_t draw = 0;
};

/// A uniform number in the open interval (0, 1): an odd multiple of 2^-53, symmetric about 1/2.
/// Philox4x32-10 of the Random123 library (Salmon, Moraes, Dror and Shaw 2011); key: seed, low word
/// first; counter: model, low word first, parameter, draw.
double uniform(const RandomCounter& counter);

/// Smallest and largest value a distribution can give; infinite where it is unbounded.
struct Support {
  double min;
  double max;
};
Support support(const Distribution& distribution);

/// Throws InputError as "key.min: value, allowed is ..." if the distribution itself makes no sense:
/// missing, infinite or unordered bounds, bounds of a logarithm that are not > 0, a spread that is
/// not > 0, a truncation that leaves almost no probability.
void check(const Distribution& distribution, const char* key);

/// The inverse of a distribution's cumulative distribution function, prepared for many numbers.
/// The distribution must have passed check().
class Quantile {
 public:
  explicit Quantile(const Distribution& distribution);
  /// The value with probability `u` below it, 0 < u < 1. Relative error a few 1e-15 of the spread.
  double operator()(double u) const;

 private:
  double normal(double u) const;

  Distribution::Kind kind_;
  Support support_;
  /// Parameters of the number itself, or of its logarithm: bounds if uniform, mean and deviation if
  /// normal.
  double first_ = 0.0;
  double second_ = 0.0;
  /// Probabilities of the standard normal below the two truncation points, both taken from the
  /// tail that keeps them accurate: the upper one if `mirrored_`.
  double below_min_ = 0.0;
  double below_max_ = 1.0;
  bool mirrored_ = false;
};

}  // namespace stratem::core
