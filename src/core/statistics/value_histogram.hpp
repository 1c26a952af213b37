// Counts numbers by their leading digits. This gives percentiles of any number of them in little
// memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "core/statistics/value_bin.hpp"
#include "core/statistics/value_summary.hpp"

namespace stratem::core {

/// Counts finite numbers in bins that keep sign, exponent and the first digits of the fraction
/// (value_bin.hpp). The result of at() depends only on which numbers were added, not on their
/// order. Memory: 32 KiB, and 32 KiB more for each sign and power of two that occurs.
class ValueHistogram {
 public:
  /// The largest relative error of at(), which is half a bin. Subnormal numbers, below 2.3e-308,
  /// have an error below 3e-312 instead.
  static constexpr double relative_error = 0x1p-13;

  ValueHistogram() = default;
  ~ValueHistogram() = default;
  ValueHistogram(ValueHistogram&&) noexcept = default;
  ValueHistogram& operator=(ValueHistogram&&) noexcept = default;
  ValueHistogram(const ValueHistogram& other);
  ValueHistogram& operator=(const ValueHistogram& other);

  void add(double value);
  void add(const ValueHistogram& other);

  /// Numbers that were counted elsewhere are added in two parts: their summary, and how many of
  /// them, except zeros, are in each bin of the page of a number.
  template <class Sums>
  void add_summary(const Summary<Sums>& summary) {
    summary_.add(summary);
  }
  void add_page(std::int32_t number, std::span<const std::uint32_t, bins_per_page> counts);

  const ValueSummary& summary() const { return summary_; }
  std::int64_t count() const { return summary_.moments.count(); }
  /// The number at place 0 .. count() - 1 of the sorted ones, each taken from the middle of its
  /// bin; the first, the last and zeros exactly.
  double at(std::int64_t place) const;

 private:
  using Page = std::array<std::int64_t, bins_per_page>;

  Page& page(std::int32_t number);

  ValueSummary summary_;
  std::array<std::unique_ptr<Page>, pages> pages_;  // null for pages without numbers
};

}  // namespace stratem::core
