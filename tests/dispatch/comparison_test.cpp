#include "dispatch/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "support/systems.hpp"

namespace stratem {
namespace {

using testing::ElementsAre;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Three gates a decade apart.
System three_gates() { return test::central_loop(test::log_times(1e-5, 1e-3, 3)); }

/// Four models that decay.
Responses truth() {
  Responses responses(4, 3);
  for (std::size_t model = 0; model < 4; ++model) {
    const double size = static_cast<double>(model + 1);
    responses.response[3 * model] = 100.0 * size;
    responses.response[3 * model + 1] = 10.0 * size;
    responses.response[3 * model + 2] = size;
  }
  return responses;
}

Comparison compared(const Responses& tested, const Responses& expected,
                    bool skip_out_of_range = false) {
  return dispatch::compare(three_gates(), tested, expected, skip_out_of_range, 2);
}

TEST(Comparison, OfEqualResponsesFindsNoDifference) {
  const Comparison comparison = compared(truth(), truth());
  EXPECT_EQ(comparison.models, 4);
  EXPECT_EQ(comparison.worst, 0.0);
  EXPECT_EQ(comparison.median, 0.0);
  EXPECT_TRUE(comparison.passed());
}

TEST(Comparison, FindsTheWorstResponseAndItsPlace) {
  Responses tested = truth();
  tested.response[3 * 2 + 1] *= 1.0 + 1e-3;
  tested.response[3 * 1 + 2] *= 1.0 - 1e-5;
  Comparison comparison = compared(tested, truth());
  EXPECT_NEAR(comparison.worst, 1e-3, 1e-12);
  EXPECT_EQ(comparison.worst_gate, 1);
  EXPECT_EQ(comparison.median, 0.0);
  EXPECT_THAT(comparison.worst_models, ElementsAre(2, 1));
  comparison.allowed = 1e-4;
  EXPECT_FALSE(comparison.passed());
  comparison.allowed = 2e-3;
  EXPECT_TRUE(comparison.passed());
}

TEST(Comparison, FindsAResponseThatIsNotFinite) {
  for (const double broken : {nan, infinity}) {
    Responses tested = truth();
    tested.response[7] = broken;
    const Comparison comparison = compared(tested, truth());
    EXPECT_EQ(comparison.worst, infinity);
    EXPECT_EQ(comparison.worst_models.front(), 2);
    EXPECT_FALSE(comparison.passed());
  }
}

TEST(Comparison, FindsModelsOfWhichOnlyOneBackendSaysThatTheyFailed) {
  Responses tested = truth();
  tested.status[3] = Status::failed;
  EXPECT_EQ(compared(tested, truth()).worst, infinity);
  EXPECT_EQ(compared(truth(), tested).worst, infinity);
  EXPECT_EQ(compared(truth(), tested).worst_models.front(), 3);
}

TEST(Comparison, LeavesOutModelsThatBothSayFailed) {
  Responses both = truth();
  both.status[0] = Status::bad_depth;
  for (std::size_t gate = 0; gate < 3; ++gate) both.response[gate] = nan;
  const Comparison comparison = compared(both, both);
  EXPECT_EQ(comparison.worst, 0.0);
  EXPECT_EQ(comparison.worst_models.size(), 2U);
}

TEST(Comparison, LeavesOutModelsThatNothingIsPromisedFor) {
  Responses tested = truth();
  tested.status[1] = Status::out_of_range;
  tested.response[4] = nan;
  EXPECT_EQ(compared(tested, truth(), true).worst, 0.0);
  EXPECT_EQ(compared(tested, truth(), true).out_of_range, 1);
  EXPECT_EQ(compared(tested, truth(), false).worst, infinity);
}

// No other time is within half a decade of the second: the difference is relative to 10 itself.
// At a change of sign between times that differ by a factor of 2, it is relative to the larger one.
TEST(Comparison, NearAChangeOfSignIsRelativeToTheLargestResponse) {
  const System system = test::central_loop({{1e-5, 1e-5}, {2e-5, 2e-5}, {1e-3, 1e-3}});
  Responses expected(1, 3);
  expected.response = {8.0, -1.0, -0.5};
  Responses tested = expected;
  tested.response[1] = -1.0 - 0.008;
  const Comparison comparison = dispatch::compare(system, tested, expected, false, 1);
  EXPECT_NEAR(comparison.worst, 1e-3, 1e-12);
}

TEST(Validation, PassesOnlyIfAllComparisonsDoAndNamesTheirModelsOnce) {
  Comparison good;
  good.worst = 1e-5;
  good.allowed = 1e-4;
  good.worst_models = {7, 2};
  Comparison miss = good;
  miss.worst = 2e-4;
  miss.worst_models = {9, 7};
  EXPECT_TRUE(Validation{{good}}.passed());
  EXPECT_FALSE((Validation{{good, miss}}.passed()));
  EXPECT_THAT((Validation{{good, miss}}.worst_models()), ElementsAre(2, 7, 9));
}

TEST(Comparison, OfNoModelsPasses) {
  const Comparison comparison = compared(Responses(0, 3), Responses(0, 3));
  EXPECT_TRUE(comparison.passed());
  EXPECT_TRUE(comparison.worst_models.empty());
}

}  // namespace
}  // namespace stratem
