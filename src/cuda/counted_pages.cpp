#include "cuda/counted_pages.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>

#include "kernels/response_counts.hpp"

namespace stratem::cuda {
namespace {

std::int64_t gate_of(std::int64_t page) { return page / kernels::pages_per_gate; }

}  // namespace

std::vector<std::int64_t> used_pages(std::span<const std::uint8_t> used) {
  std::vector<std::int64_t> numbers;
  for (std::size_t page = 0; page < used.size(); ++page) {
    if (used[page] != 0) numbers.push_back(static_cast<std::int64_t>(page));
  }
  return numbers;
}

void add_pages(std::span<const std::int64_t> numbers, const std::uint32_t* counts,
               core::ResponseDigest& to) {
  constexpr auto bins = static_cast<std::size_t>(core::bins_per_page);
  tbb::parallel_for(std::int64_t{0}, to.gates(), [&](std::int64_t gate) {
    for (const auto& page : std::ranges::equal_range(numbers, gate, {}, gate_of)) {
      const auto place = static_cast<std::size_t>(&page - numbers.data());
      const auto in_gate = static_cast<std::int32_t>(page % kernels::pages_per_gate);
      to.gate(gate).add_page(kernels::value_page(in_gate),
                             std::span<const std::uint32_t, bins>(counts + place * bins, bins));
    }
  });
}

}  // namespace stratem::cuda
