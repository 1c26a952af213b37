// The bins in which numbers are counted, the same on the host and on devices.
#pragma once

#include <bit>
#include <cstdint>

namespace stratem::core {

// A bin holds the numbers of one sign, exponent and first binary digits of the fraction. Its number
// is the leading bits of an IEEE double: sign, 11 bits of exponent, 12 of the 52 of the fraction.
inline constexpr int bin_digits = 12;
inline constexpr int dropped_bits = 52 - bin_digits;

/// The bins of one sign and exponent make a page. Pages from `negative_pages` on are for negative
/// numbers. The first page of each sign is for subnormal numbers.
inline constexpr std::int32_t bins_per_page = 1 << bin_digits;
inline constexpr std::int32_t negative_pages = 1 << 11;
inline constexpr std::int32_t pages = 2 * negative_pages;

// These take finite numbers other than 0, which has no bin. All are constexpr, so that device code
// may call them.

constexpr std::int32_t bin_of(double value) {
  return static_cast<std::int32_t>(std::bit_cast<std::uint64_t>(value) >> dropped_bits);
}
constexpr std::int32_t page_of(double value) { return bin_of(value) / bins_per_page; }
constexpr std::int32_t place_in_page(double value) { return bin_of(value) % bins_per_page; }

constexpr double middle_of_bin(std::int32_t page, std::int32_t place) {
  const auto bin =
      static_cast<std::uint64_t>(page) * bins_per_page + static_cast<std::uint64_t>(place);
  constexpr std::uint64_t half = std::uint64_t{1} << (dropped_bits - 1);
  return std::bit_cast<double>((bin << dropped_bits) | half);
}

}  // namespace stratem::core
