// A summary of many numbers, in addition to the bins they fall into.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/statistics/exact_moments.hpp"
#include "stratem/models.hpp"

namespace stratem::core {

/// Whether a response counts in statistics: it is finite (if it is not, the difference with itself
/// is not zero), and its model is ok.
constexpr bool counts(Status status, double response) {
  return status == Status::ok && response - response == 0.0;
}

/// A summary of finite numbers whose exact sums are of type `Sums`. Device code may use it.
template <class Sums>
struct Summary {
  Sums moments;  ///< and how many there are
  std::int64_t zeros = 0;
  double smallest = std::numeric_limits<double>::infinity();
  double largest = -std::numeric_limits<double>::infinity();

  constexpr void add(double value) {
    moments.add(value);
    if (value == 0.0) ++zeros;
    smallest = std::min(smallest, value);
    largest = std::max(largest, value);
  }

  template <class OtherSums>
  constexpr void add(const Summary<OtherSums>& other) {
    moments.add(other.moments);
    zeros += other.zeros;
    smallest = std::min(smallest, other.smallest);
    largest = std::max(largest, other.largest);
  }
};

/// Of any finite numbers.
using ValueSummary = Summary<Moments>;

}  // namespace stratem::core
