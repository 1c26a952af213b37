// What a device has counted, on its way into statistics.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/response_digest.hpp"

namespace stratem::cuda {

/// The numbers of the pages of a kernels::CountTable that are in use, by its array of that name.
std::vector<std::int64_t> used_pages(std::span<const std::uint8_t> used);

/// Adds the counters of such pages, [pages][core::bins_per_page] in the order of `numbers`, which
/// increase, gates side by side. The summaries of what they count come apart.
void add_pages(std::span<const std::int64_t> numbers, const std::uint32_t* counts,
               core::ResponseDigest& to);

}  // namespace stratem::cuda
