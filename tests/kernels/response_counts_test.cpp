// Compares counting responses with the kernels' source, on the host, with sorting them.
#include "kernels/response_counts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/statistics/response_histograms.hpp"
#include "cpu/plain_kernel.hpp"
#include "cuda/counted_pages.hpp"
#include "kernels/host_run.hpp"
#include "stratem/responses.hpp"

namespace stratem {
namespace {

using core::ResponseHistograms;
using kernels::GateSummary;
using kernels::HostShape;
using kernels::ThreadOrder;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Responses of which every seventh model failed, some are zero or not finite, and the rest have
/// both signs and magnitudes between two powers of ten.
Responses random_responses(std::int64_t models, std::int64_t gates, double least, double most) {
  test::Random random(41);
  Responses responses(models, gates);
  for (auto& value : responses.response) {
    const double sign = test::uniform(random, 0.0, 1.0) < 0.3 ? -1.0 : 1.0;
    value = sign * std::pow(10.0, test::uniform(random, least, most));
  }
  for (std::size_t i = 0; i < responses.response.size(); i += 11) responses.response[i] = 0.0;
  for (std::size_t i = 5; i < responses.response.size(); i += 101) {
    responses.response[i] = i % 2 == 0 ? infinity : -0.0;
  }
  for (std::size_t m = 0; m < responses.status.size(); m += 7) {
    responses.status[m] = Status::bad_depth;
    std::fill_n(responses.response.begin() + static_cast<std::ptrdiff_t>(m) * gates, gates, nan);
  }
  return responses;
}

kernels::ResponsePointers pointers(Responses& responses) {
  return {responses.response.data(), responses.status.data()};
}

/// Counters on the host.
class HostTable {
 public:
  explicit HostTable(std::int64_t gates)
      : count_(kernels::count_bytes(gates) / sizeof(std::uint32_t)),
        used_(kernels::used_bytes(gates)) {}

  kernels::CountTable table() { return {count_.data(), used_.data()}; }
  const std::vector<std::uint32_t>& count() const { return count_; }
  std::vector<std::int64_t> pages() const { return cuda::used_pages(used_); }
  /// The counters of the pages in use, one after another, as a device returns them.
  std::vector<std::uint32_t> used_counts() const {
    std::vector<std::uint32_t> counts;
    for (const std::int64_t page : pages()) {
      const auto first = count_.begin() + page * core::bins_per_page;
      counts.insert(counts.end(), first, first + core::bins_per_page);
    }
    return counts;
  }

 private:
  std::vector<std::uint32_t> count_;
  std::vector<std::uint8_t> used_;
};

/// All steps that bring a batch into histograms.
ResponseHistograms counted(Responses& responses, const HostShape& shape) {
  std::vector<GateSummary> summaries(static_cast<std::size_t>(responses.gates));
  kernels::summarize_on_host(pointers(responses), responses.models, responses.gates,
                             summaries.data(), shape.threads);
  HostTable host(responses.gates);
  kernels::count_on_host(pointers(responses), responses.models, responses.gates, host.table(),
                         shape);
  ResponseHistograms histograms(responses.gates);
  for (std::int64_t gate = 0; gate < responses.gates; ++gate) {
    histograms.gate(gate).add_summary(summaries[static_cast<std::size_t>(gate)].values);
  }
  cuda::add_pages(host.pages(), host.used_counts().data(), histograms);
  return histograms;
}

std::vector<double> sorted_column(const Responses& responses, std::int64_t gate) {
  std::vector<double> values;
  for (std::int64_t m = 0; m < responses.models; ++m) {
    if (responses.status[static_cast<std::size_t>(m)] != Status::ok) continue;
    if (std::isfinite(responses(m, gate))) values.push_back(responses(m, gate));
  }
  std::ranges::sort(values);
  return values;
}

/// Compares the gate with its sorted responses: percentiles to half a bin, moments by sums in
/// extended precision.
void expect_as_sorted(const core::ValueHistogram& found, const std::vector<double>& values) {
  ASSERT_EQ(found.count(), static_cast<std::int64_t>(values.size()));
  for (std::size_t i = 0; i < values.size(); i += values.size() / 97 + 1) {
    ASSERT_NEAR(found.at(static_cast<std::int64_t>(i)), values[i], 0x1p-13 * std::abs(values[i]));
  }
  EXPECT_EQ(found.summary().smallest, values.front());
  EXPECT_EQ(found.summary().largest, values.back());
  EXPECT_EQ(found.summary().zeros, std::ranges::count(values, 0.0));
  const auto count = static_cast<long double>(values.size());
  long double sum = 0.0L;
  for (const double value : values) sum += static_cast<long double>(value);
  long double squares = 0.0L;
  for (const double value : values) {
    const long double step = static_cast<long double>(value) - sum / count;
    squares += step * step;
  }
  const auto mean = static_cast<double>(sum / count);
  const auto deviation = static_cast<double>(std::sqrt(squares / count));
  EXPECT_NEAR(core::mean(found.summary().moments), mean, 1e-12 * deviation);
  EXPECT_NEAR(core::standard_deviation(found.summary().moments), deviation, 1e-11 * deviation);
}

TEST(ResponseCounts, AreThoseOfSortedResponses) {
  Responses responses = random_responses(20000, 3, -20.0, 3.0);
  for (const HostShape& shape : {HostShape{1, 1, ThreadOrder::forwards},
                                 {33, 5, ThreadOrder::backwards},
                                 {256, 40, ThreadOrder::interleaved}}) {
    const ResponseHistograms found = counted(responses, shape);
    for (std::int64_t gate = 0; gate < 3; ++gate) {
      expect_as_sorted(found.gate(gate), sorted_column(responses, gate));
    }
  }
}

TEST(ResponseCounts, AreToTheLastBitThoseOfResponsesAddedOnTheHost) {
  Responses responses = random_responses(5000, 2, -15.0, 0.0);
  const ResponseHistograms found = counted(responses, {64, 3, ThreadOrder::forwards});
  ResponseHistograms added(2);
  added.add({responses.response.data(), 5000, 2}, {responses.status.data(), 5000});
  for (const std::int64_t gate : {0, 1}) {
    ASSERT_EQ(found.gate(gate).count(), added.gate(gate).count());
    const core::Moments& moments = found.gate(gate).summary().moments;
    EXPECT_EQ(core::mean(moments), core::mean(added.gate(gate).summary().moments));
    EXPECT_EQ(core::standard_deviation(moments),
              core::standard_deviation(added.gate(gate).summary().moments));
    for (std::int64_t place = 0; place < found.gate(gate).count(); place += 7) {
      ASSERT_EQ(found.gate(gate).at(place), added.gate(gate).at(place));
    }
  }
}

TEST(ResponseCounts, OfSeveralBatchesAddUp) {
  Responses all = random_responses(3000, 2, -9.0, 9.0);
  HostTable host(2);
  ResponseHistograms found(2);
  for (const auto& [first, count] : {std::pair<std::int64_t, std::int64_t>{0, 1}, {1, 2999}}) {
    const kernels::ResponsePointers batch{all.response.data() + first * 2,
                                          all.status.data() + first};
    std::vector<GateSummary> summaries(2);
    kernels::summarize_on_host(batch, count, 2, summaries.data(), 7);
    kernels::count_on_host(batch, count, 2, host.table(), {5, 2, ThreadOrder::forwards});
    for (const std::int64_t gate : {0, 1}) {
      found.gate(gate).add_summary(summaries[static_cast<std::size_t>(gate)].values);
    }
  }
  cuda::add_pages(host.pages(), host.used_counts().data(), found);
  for (const std::int64_t gate : {0, 1}) {
    expect_as_sorted(found.gate(gate), sorted_column(all, gate));
  }
}

/// One gate, one model for each value.
Responses of_values(const std::vector<double>& values) {
  Responses responses(static_cast<std::int64_t>(values.size()), 1);
  responses.response = values;
  return responses;
}

TEST(ResponseCounts, TellWhichResponsesHaveNoCounter) {
  const double first = 0x1p-160;
  const double end = 0x1p32;
  const double before_end = std::nextafter(end, 0.0);
  Responses inside = of_values({first, -first, before_end, -before_end, 0.0, -0.0, 1.0, nan});
  Responses outside = of_values({std::nextafter(first, 0.0), -std::nextafter(first, 0.0), end, -end,
                                 5e-324, 1e300, -1e300, 1.0, infinity});
  GateSummary summary;
  kernels::summarize_on_host(pointers(inside), inside.models, 1, &summary, 4);
  EXPECT_EQ(summary.outside, 0);
  EXPECT_EQ(summary.values.moments.count(), 7);
  kernels::summarize_on_host(pointers(outside), outside.models, 1, &summary, 4);
  EXPECT_EQ(summary.outside, 7);
  EXPECT_EQ(summary.values.moments.count(), 1);
}

TEST(ResponseCounts, WriteNothingBesideTheirCounters) {
  Responses responses = of_values({1e300, -1e300, 5e-324, -1e-60, 4.3e9, 0.0, -0.0, nan, 2.0});
  HostTable host(1);
  kernels::count_on_host(pointers(responses), responses.models, 1, host.table(),
                         {3, 2, ThreadOrder::forwards});
  std::uint64_t sum = 0;
  for (const std::uint32_t count : host.count()) sum += count;
  EXPECT_EQ(sum, 1U);
  ASSERT_EQ(host.pages().size(), 1U);
  EXPECT_EQ(host.used_counts()[0], 1U);  // 2 is the first number of its page
}

TEST(ResponseCounts, HaveAPageForEverySignAndExponent) {
  for (int exponent = -160; exponent < 32; ++exponent) {
    for (const double sign : {1.0, -1.0}) {
      const double value = sign * std::ldexp(1.7, exponent);
      const std::int32_t page = kernels::counted_page(value);
      ASSERT_GE(page, 0) << value;
      ASSERT_LT(page, kernels::pages_per_gate) << value;
      const double middle =
          core::middle_of_bin(kernels::value_page(page), core::place_in_page(value));
      ASSERT_NEAR(middle, value, 0x1p-13 * std::abs(value));
    }
  }
}

// The last gate's counters come after 2^31 others. Only pages that are touched take memory.
TEST(ResponseCounts, ReachCountersBeyondTwoToThe31) {
  constexpr std::int64_t gates = 3000;
  const std::int64_t page =
      kernels::element(gates - 1, kernels::pages_per_gate, kernels::counted_page(-1.0));
  EXPECT_GT(kernels::element(page, core::bins_per_page, 0), std::int64_t{1} << 32);
  EXPECT_EQ(kernels::count_bytes(gates), std::size_t{3000} * 2 * 192 * 4096 * 4);
  const std::vector<std::uint32_t> counts(core::bins_per_page, 3);
  ResponseHistograms histograms(gates);
  cuda::add_pages(std::vector{page}, counts.data(), histograms);
  core::ValueSummary summary;
  for (std::int32_t i = 0; i < 3 * core::bins_per_page; ++i) summary.add(-1.5);
  summary.smallest = -2.0;
  summary.largest = -1.0;
  histograms.gate(gates - 1).add_summary(summary);
  EXPECT_NEAR(histograms.gate(gates - 1).at(3 * core::bins_per_page / 2), -1.5, 1e-3);
}

}  // namespace
}  // namespace stratem
