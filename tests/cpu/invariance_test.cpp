// A model's responses are bitwise the same whatever other models are computed with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>

#include "cpu/kernel.hpp"
#include "cpu/plain_kernel.hpp"

namespace stratem {
namespace {

class CpuInvariance : public testing::TestWithParam<std::tuple<std::string, Precision>> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(cpu::use_instruction_set(std::get<0>(GetParam())));
    table_.deepest_exponent = 15.0;                                 // leaves out many interfaces
    models_.chargeability.assign(models_.resistivity.size(), 0.0);  // and three models in four
    for (std::size_t i = 0; i < models_.resistivity.size(); ++i) {
      const auto model = static_cast<std::int64_t>(i) / models_.layers;
      if (model % 4 == 0) models_.chargeability[i] = 0.5;  // are not polarizable
    }
    expected_ = run(models_.view(), 1, 0);
  }
  void TearDown() override { cpu::use_instruction_set(""); }

  Responses run(const ModelBatch& models, int threads, std::int64_t chunk) const {
    return test::run(table_, models, std::get<1>(GetParam()), threads, chunk);
  }

  test::Random random_{7};
  core::PlanTable table_ = test::random_table(random_);
  ModelSet models_ =
      test::random_models(random_, 1000, {.layers = 12, .polarizable = true, .heights = true});
  Responses expected_;
};

INSTANTIATE_TEST_SUITE_P(InstructionSets, CpuInvariance,
                         testing::Combine(testing::ValuesIn(cpu::instruction_sets()),
                                          testing::Values(Precision::float64, Precision::float32)),
                         [](const auto& set) {
                           return std::get<0>(set.param) + "_" +
                                  std::string(to_string(std::get<1>(set.param)));
                         });

TEST_P(CpuInvariance, AnyNumberOfThreadsAndAnyChunk) {
  EXPECT_EQ(run(models_.view(), 2, 0).response, expected_.response);
  for (const std::int64_t chunk : {1, 3, 64, 5000}) {
    EXPECT_EQ(run(models_.view(), 2, chunk).response, expected_.response) << chunk;
  }
}

TEST_P(CpuInvariance, AnyBatchSize) {
  for (const std::int64_t size : {1, 2, 7, 64}) {
    for (std::int64_t first = 0; first < (size == 1 ? 50 : 1000); first += size) {
      const std::int64_t count = std::min(size, models_.models - first);
      const Responses part = run(models_.view().slice(first, count), 1, 0);
      ASSERT_TRUE(std::equal(part.response.begin(), part.response.end(),
                             expected_.response.begin() + first * table_.gates))
          << size << " " << first;
    }
  }
}

TEST_P(CpuInvariance, AnyOrder) {
  std::vector<std::size_t> order(1000);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random_);
  const auto rows = [&](const auto& from, std::size_t columns) {
    auto to = from;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t c = 0; c < columns; ++c) to[i * columns + c] = from[order[i] * columns + c];
    }
    return to;
  };
  ModelSet shuffled = models_;
  shuffled.resistivity = rows(models_.resistivity, 12);
  shuffled.thickness = rows(models_.thickness, 11);
  shuffled.chargeability = rows(models_.chargeability, 12);
  shuffled.time_constant = rows(models_.time_constant, 12);
  shuffled.exponent = rows(models_.exponent, 12);
  shuffled.layer_count = rows(models_.layer_count, 1);
  shuffled.height = rows(models_.height, 1);
  EXPECT_EQ(run(shuffled.view(), 2, 0).response, rows(expected_.response, 5));
}

TEST_P(CpuInvariance, PolarizationAndHeightsOfOthers) {
  ModelSet plain = models_;
  plain.chargeability.clear();
  plain.time_constant.clear();
  plain.exponent.clear();
  plain.height.clear();
  const Responses alone = run(plain.view(), 1, 0);
  ModelSet mixed = models_;
  for (std::size_t m = 0; m < 1000; m += 4) mixed.height[m + 1] = 40.0;  // the system's own
  const Responses among = run(mixed.view(), 1, 0);
  for (std::int64_t m = 1; m < 1000; m += 4) {
    for (std::int64_t gate = 0; gate < table_.gates; ++gate) {
      ASSERT_EQ(among(m, gate), alone(m, gate)) << m;
    }
  }
}

}  // namespace
}  // namespace stratem
