// Statistics of the C interface against those of C++.
#include "stratem/statistics.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "c/handles.hpp"
#include "c/support.hpp"

namespace stratem::test {
namespace {

constexpr std::int64_t gates = 3;

class CStatistics : public testing::Test {
 protected:
  CStatistics() {
    result.struct_size = sizeof result;
    result.gates = gates;
  }

  static StatisticsHandle make(std::int64_t memory = STRATEM_DEFAULT_MEMORY) {
    return made<StatisticsHandle>(
        [&](auto* handle) { return stratem_statistics_create(gates, memory, handle); });
  }

  /// Half-spaces; the last is no model.
  int add(std::int64_t first, std::int64_t count, const StatisticsHandle& to,
          std::int64_t* failed = nullptr) const {
    stratem_models models{};
    models.struct_size = sizeof models;
    models.models = count;
    models.layers = 1;
    models.resistivity.data = resistivity.data() + first;
    return stratem_plan_accumulate(plan.get(), &models, to.get(), failed);
  }

  const System system = central_loop(log_times(1e-5, 1e-3, gates));
  const PlanHandle plan = reference_plan(system);
  const std::vector<double> resistivity{10.0, 80.0, 20.0, 40.0, -1.0};
  stratem_gate_statistics result{};
};

TEST_F(CStatistics, AreThoseOfCpp) {
  const StatisticsHandle statistics = make();
  std::int64_t failed = -1;
  ASSERT_EQ(add(0, 2, statistics, &failed), STRATEM_OK) << stratem_last_error();
  EXPECT_EQ(failed, 0);
  const StatisticsHandle more = make();
  ASSERT_EQ(add(2, 3, more, &failed), STRATEM_OK);
  EXPECT_EQ(failed, 1);
  ASSERT_EQ(stratem_statistics_merge(statistics.get(), more.get()), STRATEM_OK);

  const std::array percentiles{10.0, 90.0};
  std::vector<double> percentile(2 * gates);
  std::vector<double> mean(gates);
  std::vector<double> deviation(gates);
  std::vector<std::int64_t> counted(gates);
  result.percentile_count = 2;
  result.percentiles = percentiles.data();
  result.percentile = percentile.data();
  result.mean = mean.data();
  result.standard_deviation = deviation.data();
  result.counted = counted.data();
  ASSERT_EQ(stratem_statistics_result(statistics.get(), &result), STRATEM_OK)
      << stratem_last_error();

  ModelSet models;
  models.models = 5;
  models.layers = 1;
  models.resistivity = resistivity;
  const Responses responses = plan->plan.forward(models.view());
  const ResponseStatistics expected = stratem::statistics(
      {responses.response.data(), 5, gates}, {responses.status.data(), 5}, percentiles);
  EXPECT_EQ(percentile, expected.percentile);
  EXPECT_EQ(mean, expected.mean);
  EXPECT_EQ(deviation, expected.standard_deviation);
  EXPECT_EQ(counted, expected.counted);
  EXPECT_EQ(result.models, 5);
  EXPECT_EQ(result.failed, 1);
  EXPECT_EQ(result.percentile_error, 0.0);
  EXPECT_EQ(result.struct_size, sizeof result);
}

TEST_F(CStatistics, LeaveOutWhatIsNotAskedFor) {
  const StatisticsHandle statistics = make();
  ASSERT_EQ(add(0, 5, statistics), STRATEM_OK);
  std::vector<double> percentile(1, -1.0);
  result.percentile = percentile.data();  // of no percentiles
  ASSERT_EQ(stratem_statistics_result(statistics.get(), &result), STRATEM_OK)
      << stratem_last_error();
  EXPECT_EQ(result.models, 5);
  EXPECT_EQ(percentile[0], -1.0);
}

TEST_F(CStatistics, AreCountedInTheMemoryGiven) {
  const StatisticsHandle statistics = make(0);
  ASSERT_EQ(add(0, 5, statistics), STRATEM_OK);
  ASSERT_EQ(stratem_statistics_result(statistics.get(), &result), STRATEM_OK);
  EXPECT_GT(result.percentile_error, 0.0);
}

TEST_F(CStatistics, RefuseWhatDoesNotFit) {
  const StatisticsHandle statistics = make();
  stratem_statistics* other = nullptr;
  EXPECT_EQ(stratem_statistics_create(-1, 0, &other), STRATEM_ERROR_INPUT);
  EXPECT_EQ(stratem_statistics_create(gates, -2, &other), STRATEM_ERROR_INPUT);
  EXPECT_EQ(other, nullptr);
  ASSERT_EQ(stratem_statistics_create(gates + 1, 0, &other), STRATEM_OK);
  const StatisticsHandle wider(other);
  EXPECT_EQ(add(0, 5, wider), STRATEM_ERROR_INPUT);
  EXPECT_EQ(stratem_statistics_merge(statistics.get(), wider.get()), STRATEM_ERROR_INPUT);
  expect_input_error(stratem_statistics_merge(wider.get(), wider.get()),
                     "from: the statistics themselves, allowed are others");

  result.gates = gates + 1;
  expect_input_error(stratem_statistics_result(statistics.get(), &result),
                     "gates: 4, allowed is 3");
  result.gates = gates;
  result.percentile_count = 1;
  expect_input_error(stratem_statistics_result(statistics.get(), &result), "percentiles: NULL");
  const double percentile = 101.0;
  result.percentiles = &percentile;
  EXPECT_EQ(stratem_statistics_result(statistics.get(), &result), STRATEM_ERROR_INPUT);
  result.percentile_count = -1;
  expect_input_error(stratem_statistics_result(statistics.get(), &result),
                     "percentile_count: -1, allowed is 0 or more");
}

TEST_F(CStatistics, RefuseNull) {
  const StatisticsHandle statistics = make();
  stratem_models models{};
  models.struct_size = sizeof models;
  models.layers = 1;
  expect_input_error(stratem_statistics_create(gates, 0, nullptr), "statistics: NULL");
  expect_input_error(stratem_statistics_merge(nullptr, statistics.get()), "statistics: NULL");
  expect_input_error(stratem_statistics_merge(statistics.get(), nullptr), "from: NULL");
  expect_input_error(stratem_statistics_merge(nullptr, nullptr), "from: NULL");
  expect_input_error(stratem_statistics_result(nullptr, &result), "statistics: NULL");
  expect_input_error(stratem_statistics_result(statistics.get(), nullptr), "result: NULL");
  expect_input_error(stratem_plan_accumulate(nullptr, &models, statistics.get(), nullptr),
                     "plan: NULL");
  expect_input_error(stratem_plan_accumulate(plan.get(), nullptr, statistics.get(), nullptr),
                     "models: NULL");
  expect_input_error(stratem_plan_accumulate(plan.get(), &models, nullptr, nullptr),
                     "statistics: NULL");
  stratem_statistics_destroy(nullptr);
}

}  // namespace
}  // namespace stratem::test
