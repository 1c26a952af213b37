#include "stratem/statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "stratem/error.hpp"
#include "support/message_of.hpp"

namespace {

using stratem::InputError;
using stratem::MatrixView;
using stratem::Status;
using stratem::VectorView;
using stratem::test::message_of;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

stratem::ResponseStatistics of_one_gate(const std::vector<double>& values,
                                        const std::vector<Status>& status,
                                        const std::vector<double>& percentiles) {
  const auto models = static_cast<std::int64_t>(values.size());
  return stratem::statistics(MatrixView<const double>(values.data(), models, 1),
                             VectorView<const Status>(status.data(), models), percentiles);
}

std::string refusal(const std::vector<double>& percentiles) {
  return message_of([&] { of_one_gate({1.0, 2.0}, {Status::ok, Status::ok}, percentiles); });
}

// Expected numbers from Python: statistics.quantiles(values, n=8 or 10, method='inclusive'), mean,
// pstdev.
TEST(Statistics, InterpolatesPercentilesLinearly) {
  const std::vector<double> values{3, 1, 7, 2, 5, 11};
  const auto result =
      of_one_gate(values, std::vector<Status>(6, Status::ok), {0, 10, 12.5, 37.5, 50, 90, 100});
  const std::vector<double> expected{1, 1.5, 1.625, 2.875, 4, 9, 11};
  for (std::size_t rank = 0; rank < expected.size(); ++rank) {
    EXPECT_DOUBLE_EQ(result(static_cast<std::int64_t>(rank), 0), expected[rank]) << rank;
  }
  EXPECT_DOUBLE_EQ(result.mean[0], 4.833333333333333);
  EXPECT_DOUBLE_EQ(result.standard_deviation[0], 3.387066905483596);
}

// By hand, as numpy.percentile says: 40 % of 4 steps is 1.6, so 20 + 0.6 (35 - 20) = 29.
TEST(Statistics, AgreesWithPercentilesWorkedOutByHand) {
  const auto result =
      of_one_gate({50, 15, 35, 40, 20}, std::vector<Status>(5, Status::ok), {10, 25, 40, 87.5});
  EXPECT_DOUBLE_EQ(result(0, 0), 17.0);
  EXPECT_DOUBLE_EQ(result(1, 0), 20.0);
  EXPECT_DOUBLE_EQ(result(2, 0), 29.0);
  EXPECT_DOUBLE_EQ(result(3, 0), 45.0);
  EXPECT_EQ(result.counted, (std::vector<std::int64_t>{5}));
}

TEST(Statistics, LeavesOutModelsThatFailed) {
  const auto result = of_one_gate(
      {nan, 4.0, 2.0, nan}, {Status::bad_depth, Status::ok, Status::ok, Status::failed}, {50});
  EXPECT_EQ(result.models, 4);
  EXPECT_EQ(result.failed, 2);
  EXPECT_DOUBLE_EQ(result(0, 0), 3.0);
  EXPECT_DOUBLE_EQ(result.mean[0], 3.0);
  EXPECT_DOUBLE_EQ(result.standard_deviation[0], 1.0);
}

TEST(Statistics, KeepsGatesApartAndReadsStridedViews) {
  // [gates, models] in memory, seen as [models, gates].
  const std::vector<double> values{1, 2, 3, -10, -20, -30};
  const std::array<double, 2> percentiles{0.0, 100.0};
  const Status ok = Status::ok;
  const auto result = stratem::statistics(MatrixView<const double>(values.data(), 3, 2, 1, 3),
                                          VectorView<const Status>(&ok, 3, 0), percentiles);
  ASSERT_EQ(result.gates, 2);
  EXPECT_EQ(result.percentile, (std::vector<double>{1, -30, 3, -10}));
  EXPECT_EQ(result.mean, (std::vector<double>{2, -20}));
}

TEST(Statistics, KeepsTheSpreadOfNearlyEqualResponses) {
  const double mean = 1e8;
  const auto result =
      of_one_gate({mean - 1.0, mean, mean + 1.0}, std::vector<Status>(3, Status::ok), {50});
  EXPECT_NEAR(result.standard_deviation[0], std::sqrt(2.0 / 3.0), 1e-12);
}

TEST(Statistics, OfOneModelAreItsResponses) {
  const auto result = of_one_gate({5.0}, {Status::ok}, {10, 90});
  EXPECT_EQ(result.percentile, (std::vector<double>{5.0, 5.0}));
  EXPECT_EQ(result.standard_deviation[0], 0.0);
}

TEST(Statistics, OfNoModelAreNotNumbers) {
  const auto result = of_one_gate({nan}, {Status::bad_height}, {50});
  EXPECT_EQ(result.failed, 1);
  EXPECT_TRUE(std::isnan(result(0, 0)));
  EXPECT_TRUE(std::isnan(result.mean[0]));
  EXPECT_TRUE(std::isnan(of_one_gate({}, {}, {50})(0, 0)));
}

TEST(Statistics, RejectsPercentilesOutsideZeroToHundred) {
  EXPECT_THAT(refusal({50, 100.5}), HasSubstr("100.5, allowed is 0 to 100"));
  EXPECT_THAT(refusal({-1}), HasSubstr("-1, allowed is 0 to 100"));
  EXPECT_THAT(refusal({nan}), HasSubstr("nan, allowed is 0 to 100"));
  EXPECT_THAT(refusal({}), HasSubstr("none"));
}

TEST(Statistics, RejectsAStatusOfAnotherNumberOfModels) {
  const std::vector<double> values{1, 2};
  const Status ok = Status::ok;
  const std::array<double, 1> percentiles{50.0};
  EXPECT_THROW(stratem::statistics(MatrixView<const double>(values.data(), 2, 1),
                                   VectorView<const Status>(&ok, 1), percentiles),
               InputError);
}

}  // namespace
