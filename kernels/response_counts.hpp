// Statistics of responses on the device that computed them: counters of the bins they fall into,
// and a summary. The stages run in the same way on a device and on the host.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/statistics/value_bin.hpp"
#include "core/statistics/value_summary.hpp"
#include "kernels/batch_pointers.hpp"
#include "kernels/block.hpp"

namespace stratem::kernels {

/// The exponents that have counters, from 2^-160 to below 2^32 in the units of the responses. The
/// responses of every survey lie far inside. Memory: 6 MiB a gate.
inline constexpr std::int32_t first_exponent = 1023 - 160;  // as in an IEEE double
inline constexpr std::int32_t counted_exponents = 192;
inline constexpr std::int32_t pages_per_gate = 2 * counted_exponents;

/// The page of a gate's counters that counts a response, or -1 for 0 and for exponents without
/// counters.
STRATEM_DEVICE std::int32_t counted_page(double response) {
  const std::int32_t page = core::page_of(response);
  const bool negative = page >= core::negative_pages;
  const std::int32_t exponent = page - (negative ? core::negative_pages : 0) - first_exponent;
  if (exponent < 0 || exponent >= counted_exponents) return -1;
  return exponent + (negative ? counted_exponents : 0);
}

/// The page as core::ValueHistogram numbers it.
constexpr std::int32_t value_page(std::int32_t counted_page) {
  const bool negative = counted_page >= counted_exponents;
  return counted_page + first_exponent + (negative ? core::negative_pages - counted_exponents : 0);
}

/// Counters in the memory of the device or host that counts. Each counts to 2^32 - 1.
struct CountTable {
  std::uint32_t* count = nullptr;  ///< [gates, pages_per_gate, core::bins_per_page]
  std::uint8_t* used = nullptr;    ///< [gates, pages_per_gate] 1 where a page is not all zero
};

/// Bytes of the counters of `gates` gates.
constexpr std::size_t count_bytes(std::int64_t gates) {
  return static_cast<std::size_t>(gates * pages_per_gate * core::bins_per_page) *
         sizeof(std::uint32_t);
}
constexpr std::size_t used_bytes(std::int64_t gates) {
  return static_cast<std::size_t>(gates * pages_per_gate);
}

/// The exact sums of responses that are 0 or have counters. The lowest exponent is one at which a
/// digit of core::Moments ends.
using CountedMoments = core::ExactMoments<-242, 32>;

/// The summary of a gate over a batch.
struct GateSummary {
  core::Summary<CountedMoments> values;  ///< of the responses that are 0 or have a counter
  std::int64_t outside = 0;              ///< number of the others that count

  constexpr void add(const GateSummary& other) {
    values.add(other.values);
    outside += other.outside;
  }
};

/// The summary of the part of a gate's responses that one of `threads` threads reads.
STRATEM_DEVICE GateSummary summarize(const ResponsePointers& responses, std::int64_t models,
                                     std::int64_t gates, std::int64_t gate, std::int64_t thread,
                                     std::int64_t threads) {
  GateSummary summary;
  for (std::int64_t model = thread; model < models; model += threads) {
    const double value = responses.response[element(model, gates, gate)];
    if (!core::counts(responses.status[model], value)) continue;
    if (value != 0.0 && counted_page(value) < 0) {
      ++summary.outside;
    } else {
      summary.values.add(value);
    }
  }
  return summary;
}

/// Stage: adds one to the counter of each response that counts and has one. All blocks together
/// read each response once.
template <class Block>
STRATEM_DEVICE void count(const Block& block, const ResponsePointers& responses,
                          std::int64_t models, std::int64_t gates, const CountTable& table) {
  block.for_each_thread([&](int thread) {
    const std::int64_t stride = block.count() * block.threads();
    for (std::int64_t i = block.index() * block.threads() + thread; i < models * gates;
         i += stride) {
      const double value = responses.response[i];
      if (value == 0.0 || !core::counts(responses.status[i / gates], value)) continue;
      const std::int32_t in_gate = counted_page(value);
      if (in_gate < 0) continue;
      const std::int64_t page = element(i % gates, pages_per_gate, in_gate);
      table.used[page] = 1;
      block.increment(table.count[element(page, core::bins_per_page, core::place_in_page(value))]);
    }
  });
}

}  // namespace stratem::kernels
