#include "core/value_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace stratem::core {
namespace {

// An IEEE double: sign, 11 bits of exponent, 52 bits of fraction.
constexpr int fraction_bits = 52;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr int dropped_bits = fraction_bits - ValueHistogram::digits;

/// The middle of a bin of positive numbers.
double middle(std::size_t exponent, std::size_t bin) {
  const std::uint64_t first = (static_cast<std::uint64_t>(exponent) << fraction_bits) |
                              (static_cast<std::uint64_t>(bin) << dropped_bits);
  return std::bit_cast<double>(first | (std::uint64_t{1} << (dropped_bits - 1)));
}

template <class Pages>
Pages copied(const Pages& pages) {
  Pages copy;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    using Page = typename Pages::value_type::element_type;
    if (pages[i]) copy[i] = std::make_unique<Page>(*pages[i]);
  }
  return copy;
}

template <class Pages>
void add_pages(Pages& sum, const Pages& pages) {
  using Page = typename Pages::value_type::element_type;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (!pages[i]) continue;
    if (!sum[i]) sum[i] = std::make_unique<Page>();
    std::ranges::transform(*sum[i], *pages[i], sum[i]->begin(), std::plus<>());
  }
}

}  // namespace

ValueHistogram::ValueHistogram(const ValueHistogram& other)
    : count_(other.count_),
      zeros_(other.zeros_),
      smallest_(other.smallest_),
      largest_(other.largest_),
      negative_(copied(other.negative_)),
      positive_(copied(other.positive_)) {}

ValueHistogram& ValueHistogram::operator=(const ValueHistogram& other) {
  return *this = ValueHistogram(other);
}

std::int64_t& ValueHistogram::bin(std::uint64_t bits) {
  Pages& pages = (bits & sign_bit) != 0 ? negative_ : positive_;
  auto& page = pages[static_cast<std::size_t>((bits & ~sign_bit) >> fraction_bits)];
  if (!page) page = std::make_unique<Page>();
  return (*page)[static_cast<std::size_t>(bits >> dropped_bits) & (bins - 1)];
}

void ValueHistogram::add(double value) {
  ++count_;
  smallest_ = std::min(smallest_, value);
  largest_ = std::max(largest_, value);
  if (value == 0.0) {
    ++zeros_;
  } else {
    ++bin(std::bit_cast<std::uint64_t>(value));
  }
}

void ValueHistogram::add(const ValueHistogram& other) {
  count_ += other.count_;
  zeros_ += other.zeros_;
  smallest_ = std::min(smallest_, other.smallest_);
  largest_ = std::max(largest_, other.largest_);
  add_pages(negative_, other.negative_);
  add_pages(positive_, other.positive_);
}

double ValueHistogram::at(std::int64_t place) const {
  if (place <= 0) return smallest_;
  if (place >= count_ - 1) return largest_;
  // A bin may reach beyond the smallest and largest of its numbers.
  const auto within = [this](double value) { return std::clamp(value, smallest_, largest_); };
  std::int64_t left = place;
  for (std::size_t e = exponents; e-- > 0;) {
    if (!negative_[e]) continue;
    for (std::size_t b = bins; b-- > 0;) {
      left -= (*negative_[e])[b];
      if (left < 0) return within(-middle(e, b));
    }
  }
  left -= zeros_;
  if (left < 0) return 0.0;
  for (std::size_t e = 0; e < exponents; ++e) {
    if (!positive_[e]) continue;
    for (std::size_t b = 0; b < bins; ++b) {
      left -= (*positive_[e])[b];
      if (left < 0) return within(middle(e, b));
    }
  }
  return largest_;
}

}  // namespace stratem::core
