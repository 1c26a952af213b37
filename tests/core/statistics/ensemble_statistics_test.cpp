#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/statistics/value_histogram.hpp"
#include "stratem/error.hpp"
#include "stratem/statistics.hpp"

namespace {

using stratem::EnsembleStatistics;
using stratem::InputError;
using stratem::MatrixView;
using stratem::ResponseStatistics;
using stratem::Status;
using stratem::VectorView;
using stratem::core::ValueHistogram;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double error_bound = 0x1p-13;
constexpr std::int64_t keep_nothing = 0;
const std::vector<double> some_percentiles{0, 2.5, 10, 50, 90, 97.5, 100};

/// Responses of a number of models at two gates: positive over eight decades, and of both signs.
struct Ensemble {
  std::vector<double> response;
  std::vector<Status> status;

  explicit Ensemble(std::int64_t models) {
    std::mt19937_64 random(7);
    std::normal_distribution<> normal;
    for (std::int64_t i = 0; i < models; ++i) {
      const bool ok = i % 10 != 3;
      response.push_back(ok ? 1e-12 * std::exp(3.0 * normal(random)) : nan);
      response.push_back(ok ? normal(random) : nan);
      status.push_back(ok ? Status::ok : Status::out_of_range);
    }
  }
  std::int64_t models() const { return static_cast<std::int64_t>(status.size()); }
  MatrixView<const double> rows(std::int64_t first, std::int64_t count) const {
    return MatrixView<const double>(response.data(), models(), 2).slice(first, count);
  }
  VectorView<const Status> statuses(std::int64_t first, std::int64_t count) const {
    return VectorView<const Status>(status.data(), models()).slice(first, count);
  }
  ResponseStatistics exact() const {
    return statistics(rows(0, models()), statuses(0, models()), some_percentiles);
  }
};

/// Adds all models in batches of `batch`, from the first batch to the last or in reverse order.
EnsembleStatistics gathered(const Ensemble& ensemble, std::int64_t memory, std::int64_t batch,
                            bool backwards = false) {
  EnsembleStatistics gathered(2, memory);
  std::vector<std::int64_t> starts;
  for (std::int64_t first = 0; first < ensemble.models(); first += batch) starts.push_back(first);
  if (backwards) std::ranges::reverse(starts);
  for (const auto first : starts) {
    const std::int64_t count = std::min(batch, ensemble.models() - first);
    gathered.add(ensemble.rows(first, count), ensemble.statuses(first, count));
  }
  return gathered;
}

void expect_same(const ResponseStatistics& a, const ResponseStatistics& b) {
  EXPECT_EQ(a.models, b.models);
  EXPECT_EQ(a.failed, b.failed);
  EXPECT_EQ(a.counted, b.counted);
  EXPECT_EQ(a.percentile, b.percentile);
  EXPECT_EQ(a.percentile_error, b.percentile_error);
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_EQ(a.standard_deviation, b.standard_deviation);
}

/// One gate, all models ok, nothing kept.
ResponseStatistics histograms_of_all(const std::vector<double>& values,
                                     const std::vector<double>& percentiles) {
  const Status ok = Status::ok;
  const auto models = static_cast<std::int64_t>(values.size());
  EnsembleStatistics gathered(1, keep_nothing);
  gathered.add(MatrixView<const double>(values.data(), models, 1), {&ok, models, 0});
  return gathered.result(percentiles);
}

TEST(EnsembleStatistics, AreExactWithinTheirMemory) {
  const Ensemble ensemble(1000);
  for (const std::int64_t batch : {1, 7, 1000}) {
    expect_same(gathered(ensemble, 1 << 20, batch).result(some_percentiles), ensemble.exact());
  }
  EXPECT_EQ(ensemble.exact().percentile_error, 0.0);
}

// 900 of the 1000 models are ok, with two numbers of 8 bytes each.
TEST(EnsembleStatistics, KeepNoMoreResponsesThanTheirMemoryHolds) {
  const Ensemble ensemble(1000);
  EXPECT_EQ(gathered(ensemble, 900 * 16, 10).result(some_percentiles).percentile_error, 0.0);
  EXPECT_EQ(gathered(ensemble, 900 * 16 - 1, 10).result(some_percentiles).percentile_error,
            error_bound);
}

TEST(EnsembleStatistics, HaveAtMostTheErrorTheyStateBeyondTheirMemory) {
  const Ensemble ensemble(20000);
  const auto exact = ensemble.exact();
  for (const std::int64_t memory : {keep_nothing, std::int64_t{10000}}) {
    const auto histograms = gathered(ensemble, memory, 1000).result(some_percentiles);
    EXPECT_EQ(histograms.percentile_error, error_bound);
    EXPECT_EQ(histograms.counted, exact.counted);
    for (std::size_t i = 0; i < exact.percentile.size(); ++i) {
      EXPECT_NEAR(histograms.percentile[i], exact.percentile[i],
                  error_bound * std::abs(exact.percentile[i]))
          << i;
    }
    for (const std::int64_t gate : {0, 1}) {
      EXPECT_EQ(histograms(0, gate), exact(0, gate));
      EXPECT_EQ(histograms(6, gate), exact(6, gate));
      const auto g = static_cast<std::size_t>(gate);
      EXPECT_NEAR(histograms.mean[g], exact.mean[g], 1e-12 * exact.standard_deviation[g]);
      EXPECT_NEAR(histograms.standard_deviation[g], exact.standard_deviation[g],
                  1e-12 * exact.standard_deviation[g]);
    }
  }
}

TEST(EnsembleStatistics, DoNotDependOnHowModelsAreCutIntoBatches) {
  const Ensemble ensemble(3001);
  const auto whole = gathered(ensemble, keep_nothing, 3001).result(some_percentiles);
  for (const std::int64_t batch : {1, 13, 1500}) {
    expect_same(gathered(ensemble, keep_nothing, batch).result(some_percentiles), whole);
    expect_same(gathered(ensemble, 5000, batch).result(some_percentiles), whole);
  }
}

TEST(EnsembleStatistics, HaveTheSamePercentilesInAnyOrderOfBatches) {
  const Ensemble ensemble(3001);
  for (const std::int64_t memory : {keep_nothing, std::int64_t{1 << 20}}) {
    const auto forwards = gathered(ensemble, memory, 100).result(some_percentiles);
    const auto backwards = gathered(ensemble, memory, 100, true).result(some_percentiles);
    EXPECT_EQ(forwards.percentile, backwards.percentile);
    EXPECT_NEAR(forwards.mean[1], backwards.mean[1], 1e-14);
  }
}

/// Statistics of the first `cut` models merged with those of the rest.
ResponseStatistics merged(const Ensemble& ensemble, std::int64_t cut, std::int64_t first_memory,
                          std::int64_t second_memory, bool swapped) {
  EnsembleStatistics first(2, first_memory);
  EnsembleStatistics second(2, second_memory);
  first.add(ensemble.rows(0, cut), ensemble.statuses(0, cut));
  second.add(ensemble.rows(cut, ensemble.models() - cut),
             ensemble.statuses(cut, ensemble.models() - cut));
  if (swapped) {
    second.merge(first);
    return second.result(some_percentiles);
  }
  first.merge(second);
  return first.result(some_percentiles);
}

TEST(EnsembleStatistics, MergeToThoseOfAllModels) {
  constexpr std::int64_t plenty = 1 << 20;
  const Ensemble ensemble(2000);
  const auto exact = ensemble.exact();
  const auto histograms = gathered(ensemble, keep_nothing, 2000).result(some_percentiles);
  for (const bool swapped : {false, true}) {
    expect_same(merged(ensemble, 700, plenty, plenty, swapped), exact);
    for (const auto& [first, second] : {std::pair{plenty, keep_nothing},
                                        {keep_nothing, plenty},
                                        {keep_nothing, keep_nothing},
                                        {std::int64_t{20000}, std::int64_t{20000}}}) {
      const auto both = merged(ensemble, 700, first, second, swapped);
      EXPECT_EQ(both.models, 2000);
      EXPECT_EQ(both.failed, 200);
      EXPECT_EQ(both.counted, exact.counted);
      EXPECT_EQ(both.percentile, histograms.percentile);
      EXPECT_EQ(both.percentile_error, error_bound);
      EXPECT_NEAR(both.mean[1], exact.mean[1], 1e-14);
      EXPECT_NEAR(both.standard_deviation[1], exact.standard_deviation[1], 1e-14);
    }
  }
}

TEST(EnsembleStatistics, OfNothingAreNotNumbers) {
  for (const std::int64_t memory : {keep_nothing, EnsembleStatistics::default_memory}) {
    EnsembleStatistics none(3, memory);
    auto result = none.result(some_percentiles);
    EXPECT_EQ(result.models, 0);
    EXPECT_EQ(result.gates, 3);
    EXPECT_TRUE(std::isnan(result(3, 2)));
    const std::array<double, 6> response{nan, nan, nan, nan, nan, nan};
    const Status failed = Status::failed;
    none.add(MatrixView<const double>(response.data(), 2, 3), {&failed, 2, 0});
    result = none.result(some_percentiles);
    EXPECT_EQ(result.models, 2);
    EXPECT_EQ(result.failed, 2);
    EXPECT_EQ(result.counted, (std::vector<std::int64_t>{0, 0, 0}));
    EXPECT_TRUE(std::isnan(result.mean[0]));
    EXPECT_TRUE(std::isnan(result.standard_deviation[0]));
  }
}

TEST(EnsembleStatistics, LeaveOutResponsesThatAreNotFinite) {
  const std::vector<double> response{1, infinity, 2, 5, 3, -infinity, nan, 7};
  const Status ok = Status::ok;
  for (const std::int64_t memory : {keep_nothing, EnsembleStatistics::default_memory}) {
    EnsembleStatistics some(2, memory);
    some.add(MatrixView<const double>(response.data(), 4, 2), {&ok, 4, 0});
    const auto result = some.result(std::vector<double>{0, 100});
    EXPECT_EQ(result.counted, (std::vector<std::int64_t>{3, 2}));
    EXPECT_EQ(result.percentile, (std::vector<double>{1, 5, 3, 7}));
    EXPECT_EQ(result.mean, (std::vector<double>{2, 6}));
  }
}

TEST(EnsembleStatistics, KeepTheSpreadOfNearlyEqualResponsesBeyondTheirMemory) {
  const auto result = histograms_of_all({1e8 - 1.0, 1e8, 1e8 + 1.0}, {50});
  EXPECT_NEAR(result.standard_deviation[0], std::sqrt(2.0 / 3.0), 1e-9);
  EXPECT_DOUBLE_EQ(result.mean[0], 1e8);
}

TEST(EnsembleStatistics, RejectShapesThatDoNotFit) {
  const std::array<double, 4> response{};
  const Status ok = Status::ok;
  EnsembleStatistics two(2);
  const EnsembleStatistics three(3);
  const MatrixView<const double> rows(response.data(), 2, 2);
  EXPECT_THROW(two.add(rows, {&ok, 1}), InputError);
  EXPECT_THROW(two.add({response.data(), 4, 1}, {&ok, 4, 0}), InputError);
  EXPECT_THROW(two.merge(three), InputError);
  EXPECT_THROW(two.result(std::vector<double>{101}), InputError);
  EXPECT_THROW(EnsembleStatistics(2, -1), InputError);
  EXPECT_EQ(two.models(), 0);
}

TEST(ValueHistogram, KeepsSignsZerosAndEnds) {
  const auto result = histograms_of_all({-3, 0, 0, 2, -0.0, 1e-3, -1e300, 1e300}, {0, 50, 100});
  EXPECT_EQ(result(0, 0), -1e300);
  EXPECT_EQ(result(1, 0), 0.0);
  EXPECT_EQ(result(2, 0), 1e300);
}

// The values are far apart, so that each has its own bin.
TEST(ValueHistogram, HasTheErrorItStatesOverAllNumbersThereAre) {
  std::vector<double> values;
  for (double value = std::numeric_limits<double>::max(); value > 1e-300; value /= 12345.6) {
    values.push_back(value);
    values.push_back(-value);
  }
  ValueHistogram histogram;
  for (const double value : values) histogram.add(value);
  std::ranges::sort(values);
  ASSERT_EQ(histogram.count(), static_cast<std::int64_t>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_LE(std::abs(histogram.at(static_cast<std::int64_t>(i)) / values[i] - 1.0), error_bound);
  }
}

TEST(ValueHistogram, TakesSubnormalNumbers) {
  ValueHistogram histogram;
  const std::vector<double> values{-2e-308, -1e-310, -5e-324, 0.0, 5e-324, 1e-315, 3e-309, 1.0};
  for (const double value : values) histogram.add(value);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double error = std::abs(histogram.at(static_cast<std::int64_t>(i)) - values[i]);
    EXPECT_LE(error, 3e-312) << values[i];
  }
}

TEST(ValueHistogram, CopiesAllItHas) {
  ValueHistogram first;
  first.add(2.0);
  first.add(-5.0);
  first.add(1.0);
  const ValueHistogram copy = first;
  first.add(copy);
  EXPECT_EQ(copy.count(), 3);
  EXPECT_NEAR(copy.at(1), 1.0, error_bound);
  EXPECT_EQ(first.count(), 6);
  EXPECT_NEAR(first.at(3), 1.0, error_bound);
  EXPECT_EQ(first.at(0), -5.0);
}

}  // namespace
