// How often numbers occur, by their leading digits: percentiles of any number of them in little
// memory.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>

namespace stratem::core {

/// Counts finite numbers in bins that keep sign, exponent and the first `digits` binary digits of
/// the fraction. What it says depends only on which numbers were added, not on their order.
/// Memory: 32 KiB for each sign and power of two that occurs, and 32 KiB.
class ValueHistogram {
 public:
  static constexpr int digits = 12;
  /// The largest error of at() relative to the value, for all numbers but the smallest, below
  /// 2.3e-308 (subnormal ones), whose error is below 3e-312: half a bin.
  static constexpr double relative_error = 0x1p-13;

  ValueHistogram() = default;
  ~ValueHistogram() = default;
  ValueHistogram(ValueHistogram&&) noexcept = default;
  ValueHistogram& operator=(ValueHistogram&&) noexcept = default;
  ValueHistogram(const ValueHistogram& other);
  ValueHistogram& operator=(const ValueHistogram& other);

  void add(double value);
  void add(const ValueHistogram& other);

  std::int64_t count() const { return count_; }
  /// The number at place 0 .. count() - 1 of the sorted ones, each taken from the middle of its
  /// bin; the first, the last and zeros exactly.
  double at(std::int64_t place) const;

 private:
  static constexpr int bins = 1 << digits;
  static constexpr int exponents = 2048;
  /// The bins of one sign and exponent.
  using Page = std::array<std::int64_t, bins>;
  using Pages = std::array<std::unique_ptr<Page>, exponents>;

  std::int64_t& bin(std::uint64_t bits);

  std::int64_t count_ = 0;
  std::int64_t zeros_ = 0;
  double smallest_ = std::numeric_limits<double>::infinity();
  double largest_ = -std::numeric_limits<double>::infinity();
  Pages negative_;
  Pages positive_;
};

}  // namespace stratem::core
