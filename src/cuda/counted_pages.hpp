// Adds a device's counters to statistics.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/statistics/response_histograms.hpp"

namespace stratem::cuda {

/// The numbers of the pages of a kernels::CountTable that are in use, from its array `used`.
std::vector<std::int64_t> used_pages(std::span<const std::uint8_t> used);

/// Adds the counters of such pages, [pages][core::bins_per_page] in the order of `numbers`, which
/// increase, gates side by side. The summaries of the counted responses are added separately.
void add_pages(std::span<const std::int64_t> numbers, const std::uint32_t* counts,
               core::ResponseHistograms& to);

}  // namespace stratem::cuda
