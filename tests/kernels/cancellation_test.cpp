// Models whose sums cancel too far for single precision: both the kernel on the host and the cpu
// backend compute only these again, in double.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/plan/node_precision.hpp"
#include "cpu/plain_kernel.hpp"
#include "kernels/kernel_support.hpp"

namespace stratem {
namespace {

using Run = std::function<Responses(const core::PlanTable&, const ModelSet&)>;
struct Side {
  const char* name;
  Run run;
};

class Cancelled : public testing::TestWithParam<Side> {
 protected:
  static Responses run(const core::PlanTable& table, const ModelSet& models) {
    return GetParam().run(table, models);
  }
};

INSTANTIATE_TEST_SUITE_P(
    Sides, Cancelled,
    testing::Values(Side{"kernel",
                         [](const core::PlanTable& table, const ModelSet& models) {
                           return test::run_kernel(table, models.view(), {.blocks = 3});
                         }},
                    Side{"cpu",
                         [](const core::PlanTable& table, const ModelSet& models) {
                           return test::run_cpu(table, test::system_at_40_m(), models.view());
                         }}),
    [](const auto& side) { return std::string(side.param.name); });

/// One window whose first nodes are in double precision.
core::PlanTable cut_table(test::Random& random) {
  core::PlanTable table = test::random_table(random);
  const core::PlanWindow window = table.windows.front();
  table.windows = core::cut_by_precision(window, window.node.size() / 2);
  return table;
}

/// A value halfway between the two middle ones.
double gap_in_the_middle(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return std::sqrt(values[middle - 1] * values[middle]);
}

TEST_P(Cancelled, ModelsAreComputedInDoubleAndNoOthers) {
  test::Random random(31);
  core::PlanTable table = test::random_table(random);
  const core::PlanWindow window = table.windows.front();
  const std::size_t in_double = window.node.size() / 2;
  table.windows = core::cut_by_precision(window, in_double);
  ASSERT_EQ(table.windows.size(), 2U);
  const ModelSet models =
      test::random_models(random, 60, {.layers = 9, .polarizable = true, .heights = true});
  const Responses all_in_double = run(table.in_double(), models);
  const Responses as_marked = run(table, models);

  const core::Cancellation cancellation(window, test::system_at_40_m(), models.view(),
                                        all_in_double);
  std::vector<double> values;
  for (std::size_t m = 0; m < 60; ++m) values.push_back(cancellation(m, in_double));
  table.largest_cancellation = gap_in_the_middle(values);
  const Responses found = run(table, models);
  for (std::int64_t m = 0; m < 60; ++m) {
    const bool cancels = values[static_cast<std::size_t>(m)] > table.largest_cancellation;
    for (const auto& row : window.rows) {
      EXPECT_EQ(found(m, row.gate), (cancels ? all_in_double : as_marked)(m, row.gate)) << m;
      EXPECT_NE(all_in_double(m, row.gate), as_marked(m, row.gate)) << m;
    }
  }
}

TEST_P(Cancelled, NumbersBeyondTheRangeOfSinglePrecisionAreComputedInDouble) {
  test::Random random(32);
  core::PlanTable table = cut_table(random);
  table.windows.back().node.front() = {1e30, 1e30};
  const ModelSet models = test::random_models(random, 20, {.layers = 3});
  const Responses found = run(table, models);
  const Responses expected = run(table.in_double(), models);
  for (std::int64_t m = 0; m < 20; ++m) {
    EXPECT_EQ(found.status[static_cast<std::size_t>(m)], Status::ok);
    for (const auto& row : table.windows.front().rows) {
      EXPECT_TRUE(std::isfinite(found(m, row.gate)));
      EXPECT_EQ(found(m, row.gate), expected(m, row.gate));
    }
  }
}

TEST_P(Cancelled, BadModelsKeepTheirStatus) {
  test::Random random(33);
  core::PlanTable table = cut_table(random);
  table.largest_cancellation = 0.0;  // all are computed again
  ModelSet models = test::random_models(random, 4, {.layers = 3, .varying_layers = false});
  models.resistivity[3 * 2 + 1] = -1.0;
  const Responses found = run(table, models);
  EXPECT_EQ(found.status,
            (std::vector{Status::ok, Status::ok, Status::bad_resistivity, Status::ok}));
  const Responses expected = run(table.in_double(), models);
  for (std::int64_t m = 0; m < 4; ++m) {
    for (std::int64_t gate = 0; gate < table.gates; ++gate) {
      if (m == 2) {
        EXPECT_TRUE(std::isnan(found(m, gate)));
      } else {
        EXPECT_EQ(found(m, gate), expected(m, gate));
      }
    }
  }
}

TEST(PackedPlan, IsInDoubleWhereOnePassCannotSeeAllOfSinglePrecision) {
  core::PlanTable table = test::in_single_precision(test::plain_table(400, 10, 8, 4));
  const core::SystemHeights heights(test::system_at_40_m());
  ASSERT_GT(kernels::pack(table, heights).in_single.pass.size(), 1U);
  table.largest_cancellation = 1e3;
  const kernels::PackedPlan plan = kernels::pack(table, heights);
  EXPECT_TRUE(plan.in_single.empty());
  EXPECT_TRUE(plan.again.empty());
  EXPECT_FALSE(plan.in_double.empty());
}

}  // namespace
}  // namespace stratem
