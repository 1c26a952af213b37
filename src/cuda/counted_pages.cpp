#include "cuda/counted_pages.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>

#include "kernels/response_counts.hpp"

namespace stratem::cuda {

std::vector<std::int64_t> used_pages(std::span<const std::uint8_t> used) {
  std::vector<std::int64_t> numbers;
  for (std::size_t page = 0; page < used.size(); ++page) {
    if (used[page] != 0) numbers.push_back(static_cast<std::int64_t>(page));
  }
  return numbers;
}

void add_pages(std::span<const std::int64_t> numbers, const std::uint32_t* counts,
               core::ResponseHistograms& to) {
  constexpr auto bins = static_cast<std::size_t>(core::bins_per_page);
  const auto place_of_first = [numbers](std::int64_t gate) {
    const auto first =
        std::lower_bound(numbers.begin(), numbers.end(), gate * kernels::pages_per_gate);
    return static_cast<std::size_t>(first - numbers.begin());
  };
  tbb::parallel_for(std::int64_t{0}, to.gates(), [&](std::int64_t gate) {
    const std::size_t end = place_of_first(gate + 1);
    for (std::size_t compute_device = place_of_first(gate); compute_device < end;
         ++compute_device) {
      const auto page =
          static_cast<std::int32_t>(numbers[compute_device] % kernels::pages_per_gate);
      to.gate(gate).add_page(kernels::value_page(page), std::span<const std::uint32_t, bins>(
                                                            counts + compute_device * bins, bins));
    }
  });
}

}  // namespace stratem::cuda
