// Models that the cpu backend cannot compute.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cpu/plain_kernel.hpp"

namespace stratem {
namespace {

TEST(CpuStatus, OneBadModelHasItsStatusAndNanAndTheOthersAreAsWithoutIt) {
  test::Random random(11);
  const auto table = test::random_table(random);
  ModelSet models = test::random_models(random, 6, {.layers = 3, .varying_layers = false});
  models.height.assign(6, 50.0);
  const Responses good = test::run(table, models.view());
  models.resistivity[3 * 1] = -1.0;
  models.thickness[2 * 2] = 0.0;
  models.height[3] = -0.5;  // transmitter and receiver below the ground
  models.height[4] = std::numeric_limits<double>::quiet_NaN();
  const Responses responses = test::run(table, models.view());
  const std::vector<Status> expected = {
      Status::ok,         Status::bad_resistivity, Status::bad_thickness,
      Status::bad_height, Status::bad_height,      Status::ok};
  EXPECT_EQ(responses.status, expected);
  for (std::int64_t m = 0; m < 6; ++m) {
    for (std::int64_t gate = 0; gate < table.gates; ++gate) {
      if (expected[static_cast<std::size_t>(m)] == Status::ok) {
        EXPECT_EQ(responses(m, gate), good(m, gate));
      } else {
        EXPECT_TRUE(std::isnan(responses(m, gate)));
      }
    }
  }
}

TEST(CpuStatus, ANumberThatIsNotFiniteIsAFailure) {
  test::Random random(12);
  auto table = test::random_table(random);
  table.windows[0].rows[0].weight[0] = std::numeric_limits<double>::infinity();
  const auto models = test::random_models(random, 3, {.layers = 2});
  const Responses responses = test::run(table, models.view());
  for (std::int64_t m = 0; m < 3; ++m) {
    EXPECT_EQ(responses.status[static_cast<std::size_t>(m)], Status::failed);
    EXPECT_TRUE(std::isnan(responses(m, 1)));
  }
}

TEST(CpuStatus, NoModelsIsNoWork) {
  test::Random random(13);
  const auto table = test::random_table(random);
  const ModelSet none = test::random_models(random, 0, {.layers = 2});
  EXPECT_TRUE(test::run(table, none.view()).response.empty());
}

}  // namespace
}  // namespace stratem
