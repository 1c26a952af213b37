#include "core/statistics/value_histogram.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>

namespace stratem::core {

ValueHistogram::ValueHistogram(const ValueHistogram& other) : summary_(other.summary_) {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (other.pages_[i]) pages_[i] = std::make_unique<Page>(*other.pages_[i]);
  }
}

ValueHistogram& ValueHistogram::operator=(const ValueHistogram& other) {
  return *this = ValueHistogram(other);
}

ValueHistogram::Page& ValueHistogram::page(std::int32_t number) {
  auto& page = pages_[static_cast<std::size_t>(number)];
  if (!page) page = std::make_unique<Page>();
  return *page;
}

void ValueHistogram::add(double value) {
  summary_.add(value);
  if (value != 0.0) ++page(page_of(value))[static_cast<std::size_t>(place_in_page(value))];
}

void ValueHistogram::add(const ValueHistogram& other) {
  summary_.add(other.summary_);
  for (std::int32_t number = 0; number < pages; ++number) {
    const auto& more = other.pages_[static_cast<std::size_t>(number)];
    if (!more) continue;
    Page& sum = page(number);
    std::ranges::transform(sum, *more, sum.begin(), std::plus<>());
  }
}

void ValueHistogram::add_page(std::int32_t number,
                              std::span<const std::uint32_t, bins_per_page> counts) {
  Page& sum = page(number);
  std::ranges::transform(sum, counts, sum.begin(), std::plus<>());
}

double ValueHistogram::at(std::int64_t place) const {
  if (place <= 0) return summary_.smallest;
  if (place >= count() - 1) return summary_.largest;
  // A bin may extend beyond the smallest and largest of its numbers.
  const auto within = [this](std::int32_t number, std::int32_t bin) {
    return std::clamp(middle_of_bin(number, bin), summary_.smallest, summary_.largest);
  };
  std::int64_t left = place;
  for (std::int32_t number = pages; number-- > negative_pages;) {
    const auto& page = pages_[static_cast<std::size_t>(number)];
    if (!page) continue;
    for (std::int32_t bin = bins_per_page; bin-- > 0;) {
      left -= (*page)[static_cast<std::size_t>(bin)];
      if (left < 0) return within(number, bin);
    }
  }
  left -= summary_.zeros;
  if (left < 0) return 0.0;
  for (std::int32_t number = 0; number < negative_pages; ++number) {
    const auto& page = pages_[static_cast<std::size_t>(number)];
    if (!page) continue;
    for (std::int32_t bin = 0; bin < bins_per_page; ++bin) {
      left -= (*page)[static_cast<std::size_t>(bin)];
      if (left < 0) return within(number, bin);
    }
  }
  return summary_.largest;
}

}  // namespace stratem::core
