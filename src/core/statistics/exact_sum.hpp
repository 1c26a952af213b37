// Sums without rounding.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace stratem::core {

/// The exact sum of whole numbers times powers of two, in digits of 32 bits (a long accumulator,
/// Kulisch and Miranker 1986). It does not depend on the order of the numbers. The last digit
/// counts units of 2^lowest. A digit is kept in 64 bits, so that carries can wait for 2^20
/// additions. Device code may use it.
template <int lowest, int digits>
class ExactSum {
 public:
  static constexpr int lowest_exponent = lowest;

  /// Adds magnitude 2^exponent, or subtracts it. The exponent is at least `lowest`.
  constexpr void add(std::uint64_t magnitude, int exponent, bool negative) {
    const int place = exponent - lowest;
    const int shift = place % bits;
    const std::uint64_t first = (magnitude & mask) << shift;
    const std::uint64_t second = ((magnitude >> bits) << shift) + (first >> bits);
    const int last = place / bits;
    const std::int64_t sign = negative ? -1 : 1;
    at(last) += sign * static_cast<std::int64_t>(first & mask);
    at(last + 1) += sign * static_cast<std::int64_t>(second & mask);
    at(last + 2) += sign * static_cast<std::int64_t>(second >> bits);
  }

  /// Adds the square of a magnitude below 2^53, times 2^exponent.
  constexpr void add_square(std::uint64_t magnitude, int exponent) {
    const std::uint64_t low = magnitude & mask;
    const std::uint64_t high = magnitude >> bits;
    // The digits of the square before the shift, in which carries may wait.
    const std::uint64_t last_product = low * low;
    const std::uint64_t mixed = 2 * low * high;
    const std::uint64_t first_product = high * high;
    const int place = exponent - lowest;
    const int shift = place % bits;
    const std::uint64_t first = (last_product & mask) << shift;
    const std::uint64_t second =
        (((last_product >> bits) + (mixed & mask)) << shift) + (first >> bits);
    const std::uint64_t third =
        (((mixed >> bits) + (first_product & mask)) << shift) + (second >> bits);
    const std::uint64_t fourth = ((first_product >> bits) << shift) + (third >> bits);
    const int last = place / bits;
    at(last) += static_cast<std::int64_t>(first & mask);
    at(last + 1) += static_cast<std::int64_t>(second & mask);
    at(last + 2) += static_cast<std::int64_t>(third & mask);
    at(last + 3) += static_cast<std::int64_t>(fourth);
  }

  /// Adds a sum with digits at some of the same places.
  template <int other_lowest, int other_digits>
  constexpr void add(const ExactSum<other_lowest, other_digits>& other) {
    static_assert(other_lowest >= lowest && (other_lowest - lowest) % bits == 0);
    constexpr int first = (other_lowest - lowest) / bits;
    static_assert(first + other_digits <= digits);
    for (int i = 0; i < other_digits; ++i) at(first + i) += other.digit(i);
  }

  /// Carries what exceeds a digit into the next. The first digit keeps the sign.
  constexpr void carry() {
    for (int i = 0; i + 1 < digits; ++i) {
      const std::int64_t carried = at(i) >> bits;
      at(i) -= carried * (std::int64_t{1} << bits);
      at(i + 1) += carried;
    }
  }

  static constexpr int size() { return digits; }
  /// Digit 0 is the last. It may be negative.
  constexpr std::int64_t digit(int i) const { return digit_[static_cast<std::size_t>(i)]; }

 private:
  static constexpr int bits = 32;
  static constexpr std::uint64_t mask = (std::uint64_t{1} << bits) - 1;

  constexpr std::int64_t& at(int i) { return digit_[static_cast<std::size_t>(i)]; }

  std::array<std::int64_t, static_cast<std::size_t>(digits)> digit_{};
};

}  // namespace stratem::core
