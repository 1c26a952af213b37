// Mean and spread of numbers, of sums without rounding.
#pragma once

#include <bit>
#include <cstdint>

#include "core/statistics/exact_sum.hpp"

namespace stratem::core {

/// The exact sums of finite numbers and of their squares. Numbers may be added in any order and in
/// any parts. `lowest` is the exponent of the smallest number's last bit, `highest` that of the
/// first power of two that all numbers are below. Device code may use it.
template <int lowest, int highest>
class ExactMoments {
 public:
  /// A number within the exponents.
  constexpr void add(double value) {
    if ((++count_ & uncarried) == 0) carry();
    if (value == 0.0) return;
    constexpr int fraction_bits = 52;
    constexpr int bias = 1023;
    const auto word = std::bit_cast<std::uint64_t>(value);
    const auto biased = static_cast<int>((word >> fraction_bits) & 0x7ff);
    const std::uint64_t fraction = word & ((std::uint64_t{1} << fraction_bits) - 1);
    const bool subnormal = biased == 0;
    const std::uint64_t whole =
        subnormal ? fraction : fraction | (std::uint64_t{1} << fraction_bits);
    const int exponent = (subnormal ? 1 : biased) - bias - fraction_bits;
    sum_.add(whole, exponent, value < 0.0);
    squares_.add_square(whole, 2 * exponent);
  }

  template <int other_lowest, int other_highest>
  constexpr void add(const ExactMoments<other_lowest, other_highest>& other) {
    count_ += other.count();
    sum_.add(other.sum());
    squares_.add(other.squares());
    carry();
  }

  constexpr std::int64_t count() const { return count_; }
  constexpr const auto& sum() const { return sum_; }
  constexpr const auto& squares() const { return squares_; }

 private:
  /// Additions until carries are due, minus 1.
  static constexpr std::int64_t uncarried = (std::int64_t{1} << 20) - 1;
  /// Digits for 2^63 numbers from 2^from to below 2^to, and for the places where additions write.
  static constexpr int digits(int from, int to) { return (to - from + 63) / 32 + 2; }

  constexpr void carry() {
    sum_.carry();
    squares_.carry();
  }

  std::int64_t count_ = 0;
  ExactSum<lowest, digits(lowest, highest)> sum_;
  ExactSum<2 * lowest, digits(2 * lowest, 2 * highest)> squares_;
};

/// Of any finite numbers.
using Moments = ExactMoments<-1074, 1024>;

/// The following need at least one number. They are rounded once: the same numbers give the same
/// result to the last bit.
double mean(const Moments& moments);
/// About the mean, divided by the number of numbers.
double standard_deviation(const Moments& moments);

}  // namespace stratem::core
