// Models that cannot be computed: the kernel gives each the same status as the cpu backend.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cpu/plain_kernel.hpp"
#include "kernels/kernel_support.hpp"

namespace stratem {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// `count` good models of three polarizable layers with heights and layer counts.
ModelSet good_models(std::int64_t count) {
  test::Random random(11);
  ModelSet models = test::random_models(
      random, count, {.layers = 3, .varying_layers = false, .polarizable = true, .heights = true});
  models.layer_count.assign(static_cast<std::size_t>(count), 3);
  for (auto& m : models.chargeability) m = 0.5;
  return models;
}

void expect_as_cpu(const core::PlanTable& table, const ModelSet& models) {
  const Responses kernel = test::run_kernel(table, models.view(), {.blocks = 2});
  const Responses cpu = test::run_cpu(table, test::system_at_40_m(), models.view());
  EXPECT_EQ(kernel.status, cpu.status);
  for (std::int64_t m = 0; m < models.models; ++m) {
    for (std::int64_t gate = 0; gate < table.gates; ++gate) {
      EXPECT_EQ(std::isnan(kernel(m, gate)), std::isnan(cpu(m, gate))) << m;
    }
  }
}

TEST(KernelStatus, EveryFaultOfEveryValue) {
  test::Random random(12);
  const auto table = test::random_table(random, 150.0);
  const std::vector<double> values = {0.0, -1.0, nan, infinity, 2.0};
  for (const double value : values) {
    ModelSet models = good_models(12);
    models.resistivity[0] = value;
    models.resistivity[3 + 2] = value;
    models.thickness[2 * 2] = value;
    models.thickness[2 * 3 + 1] = value;
    models.chargeability[3 * 4 + 1] = value;
    models.time_constant[3 * 5 + 2] = value;
    models.exponent[3 * 6] = value;
    models.height[7] = value;
    models.height[8] = value - 42.0;
    expect_as_cpu(table, models);
    expect_as_cpu(test::in_both_precisions(table), models);
  }
}

TEST(KernelStatus, LayerCountsOutsideTheColumns) {
  test::Random random(13);
  const auto table = test::random_table(random, 150.0);
  ModelSet models = good_models(5);
  models.layer_count = {0, -1, 4, 1, 3};
  models.resistivity[3 * 3 + 1] = nan;  // in the tail that is ignored
  expect_as_cpu(table, models);
}

TEST(KernelStatus, DepthsThatDoNotStartAtZeroOrDoNotIncrease) {
  test::Random random(14);
  const auto table = test::random_table(random, 150.0);
  ModelSet models = good_models(6);
  models.thickness.clear();
  for (int m = 0; m < 6; ++m) models.depth.insert(models.depth.end(), {0.0, 5.0, 30.0});
  models.depth[3 * 1] = 1.0;
  models.depth[3 * 2 + 1] = 0.0;
  models.depth[3 * 3 + 2] = 4.0;
  models.depth[3 * 4 + 2] = infinity;
  models.depth[3 * 5 + 1] = nan;
  expect_as_cpu(table, models);
}

TEST(KernelStatus, TheFirstFaultOfSeveralIsTheOneTold) {
  test::Random random(15);
  const auto table = test::random_table(random, 150.0);
  ModelSet models = good_models(6);
  models.height[0] = nan;
  models.resistivity[0] = nan;
  models.thickness[2] = nan;
  models.resistivity[3 + 2] = nan;
  models.chargeability[3 * 2] = 1.0;
  models.thickness[2 * 2 + 1] = 0.0;
  models.exponent[3 * 3] = 0.0;
  models.chargeability[3 * 3 + 1] = -1.0;
  models.time_constant[3 * 4 + 1] = 0.0;
  models.exponent[3 * 4 + 1] = 0.0;
  models.height[5] = -1.0;
  models.exponent[3 * 5 + 2] = 0.0;
  expect_as_cpu(table, models);
}

TEST(KernelStatus, BadModelsChangeNoBitOfTheOthers) {
  test::Random random(16);
  const auto table = test::in_both_precisions(test::random_table(random, 150.0));
  ModelSet models = good_models(9);
  const Responses good = test::run_kernel(table, models.view());
  for (const std::size_t m : {1U, 4U, 5U}) models.resistivity[3 * m] = -1.0;
  const Responses responses = test::run_kernel(table, models.view(), {.blocks = 2});
  for (std::int64_t m = 0; m < 9; ++m) {
    if (m == 1 || m == 4 || m == 5) continue;
    for (std::int64_t gate = 0; gate < table.gates; ++gate) {
      EXPECT_EQ(responses(m, gate), good(m, gate)) << m;
    }
  }
}

TEST(KernelStatus, ANumberThatIsNotFiniteIsAFailure) {
  test::Random random(17);
  for (const bool single : {false, true}) {
    auto table = test::random_table(random);
    table.windows[0].rows[0].weight[0] = infinity;
    table.windows[0].single_precision = single;
    const auto models = test::random_models(random, 3, {.layers = 2});
    const Responses responses = test::run_kernel(table, models.view());
    for (std::int64_t m = 0; m < 3; ++m) {
      EXPECT_EQ(responses.status[static_cast<std::size_t>(m)], Status::failed);
      for (std::int64_t gate = 0; gate < table.gates; ++gate) {
        EXPECT_TRUE(std::isnan(responses(m, gate)));
      }
    }
  }
}

}  // namespace
}  // namespace stratem
