// A model's responses are bitwise the same whatever the launch, the batch and the order of the
// threads.
#include <gtest/gtest.h>

#include <algorithm>

#include "cpu/plain_kernel.hpp"
#include "kernels/kernel_support.hpp"

namespace stratem {
namespace {

using kernels::HostShape;
using kernels::ThreadOrder;

class KernelShape : public testing::Test {
 protected:
  void SetUp() override { table_.deepest_exponent = 15.0; }  // leaves out many interfaces

  test::Random random_{7};
  core::PlanTable table_ = test::in_both_precisions(test::random_table(random_));
  ModelSet models_ =
      test::random_models(random_, 40, {.layers = 12, .polarizable = true, .heights = true});
};

TEST_F(KernelShape, AnyNumberOfThreadsAndBlocks) {
  const Responses expected = test::run_kernel(table_, models_.view());
  for (const int threads : {1, 31, 32, 33, 128, 256}) {
    for (const std::int64_t blocks : {1, 7, 40, 64}) {
      const HostShape shape{.threads = threads, .blocks = blocks};
      EXPECT_EQ(test::run_kernel(table_, models_.view(), shape).response, expected.response)
          << threads << " " << blocks;
    }
  }
}

TEST_F(KernelShape, AnyOrderOfThreadsWithinAStage) {
  const Responses expected = test::run_kernel(table_, models_.view());
  for (const ThreadOrder order : {ThreadOrder::backwards, ThreadOrder::interleaved}) {
    const Responses other = test::run_kernel(table_, models_.view(), {.blocks = 3, .order = order});
    EXPECT_EQ(other.response, expected.response);
    EXPECT_EQ(other.status, expected.status);
  }
}

TEST_F(KernelShape, WindowsOfBothPrecisionsAddUpInAGate) {
  const auto models = test::random_models(random_, 5, {.layers = 3});
  core::PlanTable single = table_;
  core::PlanTable both = table_;
  std::erase_if(single.windows, [](const auto& window) { return !window.single_precision; });
  std::erase_if(both.windows, [](const auto& window) { return window.single_precision; });
  const Responses a = test::run_kernel(single, models.view());
  const Responses b = test::run_kernel(both, models.view());
  const Responses sum = test::run_kernel(table_, models.view());
  for (std::size_t i = 0; i < sum.response.size(); ++i) {
    EXPECT_NEAR(sum.response[i], a.response[i] + b.response[i],
                1e-14 * (std::abs(a.response[i]) + std::abs(b.response[i])));
  }
}

TEST(KernelBatch, AnySize) {
  const core::PlanTable table = test::plain_table(2, 3, 1, 2);
  test::Random random(8);
  const ModelSet models = test::random_models(random, 100003, {.layers = 2});
  const Responses all = test::run_kernel(table, models.view(), {.threads = 32, .blocks = 528});
  const Responses cpu = test::run_cpu(table, test::system_at_40_m(), models.view());
  EXPECT_EQ(all.status, cpu.status);
  EXPECT_LT(test::worst_difference(table, models, all, cpu), 1e-12);
  for (const std::int64_t size : {0, 1, 2, 31, 33}) {
    for (const std::int64_t first : {std::int64_t{0}, models.models - size}) {
      const Responses part =
          test::run_kernel(table, models.view().slice(first, size), {.blocks = 4});
      EXPECT_TRUE(std::equal(part.response.begin(), part.response.end(),
                             all.response.begin() + first * table.gates))
          << size;
    }
  }
}

}  // namespace
}  // namespace stratem
