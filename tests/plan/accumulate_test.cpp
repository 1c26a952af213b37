// Statistics of responses that do not leave the plan: they must equal those of forward()'s
// responses.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "plan/plan_support.hpp"
#include "stratem/error.hpp"
#include "stratem/statistics.hpp"
#include "support/statistics.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

const std::vector<double> percentiles{0, 2.5, 25, 50, 75, 97.5, 100};

/// Models of which some have a fault and some are out of the plan's range.
ModelSet mixed_models() {
  const Options& options = test::central_plan().options();
  ModelSet models = core::random_models(core::ensemble_range(options), {1, 3, 8}, 200, 51);
  const auto layers = static_cast<std::size_t>(models.layers);
  for (std::size_t m = 0; m < 600; m += 10) models.resistivity[m * layers] = -1.0;
  for (std::size_t m = 5; m < 600; m += 100) models.resistivity[m * layers] = 1e6;
  models.layer_count[7] = 0;
  models.layer_count[8] = 9;
  return models;
}

Plan central_with(OutOfRange out_of_range, int threads = 0) {
  Options options = test::central_plan().options();
  options.out_of_range = out_of_range;
  options.threads = threads;
  options.backend = Backend::cpu;
  return test::central_plan().on(options);
}

EnsembleStatistics added(const Plan& plan, const ModelSet& models, std::int64_t memory) {
  EnsembleStatistics statistics(plan.gates(), memory);
  statistics.add(plan.forward(models.view()));
  return statistics;
}

void expect_same(const ResponseStatistics& found, const ResponseStatistics& expected) {
  test::expect_same_statistics(found, expected);
}

TEST(PlanAccumulate, GivesTheStatisticsOfTheResponses) {
  const ModelSet models = mixed_models();
  for (const OutOfRange out_of_range : {OutOfRange::flag, OutOfRange::reference}) {
    const Plan plan = central_with(out_of_range);
    // Responses are kept, kept at first, or counted from the start.
    for (const std::int64_t memory :
         {EnsembleStatistics::default_memory, std::int64_t{30000}, std::int64_t{0}}) {
      const auto expected = added(plan, models, memory).result(percentiles);
      EnsembleStatistics whole(plan.gates(), memory);
      plan.accumulate(models.view(), whole);
      expect_same(whole.result(percentiles), expected);
      EnsembleStatistics parts(plan.gates(), memory);
      for (std::int64_t first = 0; first < models.models; first += 70) {
        plan.accumulate(models.view().slice(first, std::min<std::int64_t>(70, 600 - first)), parts);
      }
      expect_same(parts.result(percentiles), expected);
    }
  }
}

TEST(PlanAccumulate, SaysHowManyModelsHaveEachStatus) {
  const ModelSet models = mixed_models();
  for (const std::int64_t memory : {EnsembleStatistics::default_memory, std::int64_t{0}}) {
    const Plan plan = central_with(OutOfRange::flag);
    EnsembleStatistics statistics(plan.gates(), memory);
    const StatusCounts counts = plan.accumulate(models.view(), statistics);
    EXPECT_EQ(counts[Status::bad_resistivity], 60);
    EXPECT_EQ(counts[Status::out_of_range], 6);
    EXPECT_EQ(counts[Status::bad_layer_count], 2);
    EXPECT_EQ(counts[Status::ok], 600 - 68);
    EXPECT_EQ(counts.failed(), 68);
    EXPECT_EQ(statistics.models(), 600);
  }
}

TEST(PlanAccumulate, IsTheSameForAnyNumberOfThreads) {
  const ModelSet models = mixed_models();
  const auto with_threads = [&](int threads) {
    const Plan plan = central_with(OutOfRange::flag, threads);
    EnsembleStatistics statistics(plan.gates(), 0);
    plan.accumulate(models.view(), statistics);
    return statistics.result(percentiles);
  };
  const ResponseStatistics one = with_threads(1);
  const ResponseStatistics two = with_threads(2);
  EXPECT_EQ(one.percentile, two.percentile);
  EXPECT_EQ(one.mean, two.mean);
  EXPECT_EQ(one.standard_deviation, two.standard_deviation);
}

TEST(PlanAccumulate, MayBeCalledByAnyNumberOfThreadsAtOnce) {
  const ModelSet models = mixed_models();
  const Plan plan = central_with(OutOfRange::flag);
  const auto expected = added(plan, models, 0).result(percentiles);
  std::vector<EnsembleStatistics> statistics;
  statistics.reserve(3);
  for (int i = 0; i < 3; ++i) statistics.emplace_back(plan.gates(), 0);
  std::vector<std::thread> callers;
  callers.reserve(3);
  for (auto& each : statistics) {
    callers.emplace_back([&] { plan.accumulate(models.view(), each); });
  }
  for (auto& caller : callers) caller.join();
  for (const auto& each : statistics) expect_same(each.result(percentiles), expected);
}

TEST(PlanAccumulate, TakesNoModels) {
  const Plan plan = central_with(OutOfRange::flag);
  EnsembleStatistics statistics(plan.gates(), 0);
  const ModelSet none = test::layered({50.0}, {});
  EXPECT_EQ(plan.accumulate(none.view().slice(0, 0), statistics).failed(), 0);
  EXPECT_EQ(statistics.models(), 0);
}

TEST(PlanAccumulate, RefusesStatisticsOfOtherGates) {
  const Plan plan = central_with(OutOfRange::flag);
  EnsembleStatistics statistics(plan.gates() + 1);
  try {
    plan.accumulate(mixed_models().view(), statistics);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "statistics: of 32 gates, allowed is the plan's 31");
  }
}

TEST(PlanAccumulate, WorksOnTheReference) {
  const Plan plan = test::central_plan().on(Backend::reference);
  const ModelSet models = core::random_models(core::ensemble_range(plan.options()), {1, 2}, 2, 52);
  EnsembleStatistics statistics(plan.gates(), 0);
  plan.accumulate(models.view(), statistics);
  expect_same(statistics.result(percentiles), added(plan, models, 0).result(percentiles));
}

}  // namespace
}  // namespace stratem
