// The layout of plans: none is too large, few threads wait, and indices do not overflow.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

#include "cpu/plain_kernel.hpp"
#include "kernels/kernel_support.hpp"
#include "kernels/launch.hpp"

namespace stratem {
namespace {

using kernels::pack;

kernels::PackedPlan packed(const core::PlanTable& table) {
  return pack(table, core::SystemHeights(test::system_at_40_m()));
}

/// Packs and runs a table that does not fit somewhere, and compares with the cpu backend.
void expect_as_cpu(const core::PlanTable& table, std::int64_t models, double difference = 1e-12) {
  test::Random random(21);
  const ModelSet batch = test::random_models(random, models, {.layers = 3});
  const System system = test::system_at_40_m();
  EXPECT_LT(test::worst_difference(table, batch, test::run_kernel(table, batch.view()),
                                   test::run_cpu(table, system, batch.view())),
            difference);
}

TEST(PackedPlan, CoefficientsOfAnOrdinaryPlanFitIntoConstantMemory) {
  const auto plan = packed(test::plain_table(14, 26, 1, 31));
  EXPECT_TRUE(plan.in_double.fits_constant_memory());
  EXPECT_EQ(plan.in_double.pass.size(), 1U);
  EXPECT_TRUE(plan.in_single.empty());
}

TEST(PackedPlan, MoreWavenumbersThanConstantMemoryHolds) {
  const auto table = test::plain_table(3, 3200, 1, 4);
  const auto plan = packed(table);
  EXPECT_FALSE(plan.in_double.fits_constant_memory());
  EXPECT_GT(plan.in_double.pass.size(), 1U);
  expect_as_cpu(table, 3);
  expect_as_cpu(test::in_single_precision(table), 3, 1e-6);
}

TEST(PackedPlan, MoreWeightsThanConstantMemoryHolds) {
  const auto table = test::plain_table(2, 40, 90, 3);
  EXPECT_FALSE(packed(table).in_double.fits_constant_memory());
  expect_as_cpu(table, 3);
}

TEST(PackedPlan, MoreNodesThanSharedMemoryHolds) {
  const auto table = test::plain_table(2000, 4, 1, 300);
  EXPECT_GT(packed(table).in_double.pass.size(), 1U);
  expect_as_cpu(table, 2);
}

TEST(PackedPlan, ManyWindows) {
  core::PlanTable table = test::plain_table(20, 30, 2, 5);
  table.windows.resize(60, table.windows.front());
  for (std::size_t w = 0; w < 60; ++w) {
    for (auto& node : table.windows[w].node) node *= 1.0 + 0.1 * static_cast<double>(w);
  }
  EXPECT_GT(packed(table).in_double.pass.size(), 1U);
  expect_as_cpu(table, 2);
}

TEST(PackedPlan, NoWindowsAtAllGiveZero) {
  core::PlanTable table;
  table.gates = 3;
  test::Random random(22);
  const ModelSet models = test::random_models(random, 2, {.layers = 3});
  EXPECT_EQ(test::run_kernel(table, models.view()).response, std::vector<double>(6, 0.0));
}

TEST(PackedPlan, PiecesCoverEveryEvaluationOnceAndHavePlacesOfTheirOwn) {
  test::Random random(23);
  for (const auto& table : {test::random_table(random), test::plain_table(2000, 40, 1, 3)}) {
    const auto plan = packed(table);
    const auto& windows = plan.in_double;
    std::set<std::tuple<int, int>> seen;
    for (const auto& pass : windows.pass) {
      std::set<int> taken;
      for (int p = pass.piece; p < pass.piece + pass.pieces; ++p) {
        const auto& piece = windows.piece[static_cast<std::size_t>(p)];
        for (int m = 0; m < piece.wavenumbers; ++m) {
          for (int j = 0; j < piece.nodes; ++j) {
            EXPECT_TRUE(seen.insert({piece.node + j, piece.wavenumber + m}).second);
            EXPECT_TRUE(taken.insert(piece.value + m * piece.nodes + j).second);
          }
        }
      }
      EXPECT_LE(*taken.rbegin(), windows.most.values);
    }
    EXPECT_EQ(static_cast<std::int64_t>(seen.size()), table.evaluations());
  }
}

TEST(PackedPlan, BlocksAreOfWholeWarpsAndGrowWithTheEvaluations) {
  int before = 0;
  for (const std::size_t nodes : {2U, 14U, 30U, 48U}) {
    const auto plan = packed(test::plain_table(nodes, 26, 1, 31));
    const int threads = plan.in_double.threads;
    EXPECT_EQ(threads % 32, 0);
    EXPECT_LE(threads, kernels::most_threads);
    EXPECT_GT(threads, before);
    before = threads - 1;
  }
  EXPECT_GT(before, 100);
}

TEST(PackedPlan, SharedMemoryIsWithinWhatEveryDeviceHas) {
  for (const auto& table :
       {test::plain_table(2000, 3000, 1, 2), test::plain_table(14, 26, 1, 31)}) {
    const auto plan = packed(table);
    EXPECT_LE(kernels::shared_bytes(plan.in_double, max_layers), 48U * 1024U);
    const auto single = packed(test::in_single_precision(table));
    EXPECT_LE(kernels::shared_bytes(single.in_single, max_layers), 48U * 1024U);
  }
}

TEST(PackedPlan, OnlyPolarizableModelsNeedScratchMemory) {
  const auto plan = packed(test::plain_table(14, 26, 1, 31));
  EXPECT_EQ(kernels::scratch_bytes(plan.in_double, 30, 528, false), 0U);
  EXPECT_EQ(kernels::scratch_bytes(plan.in_double, 30, 528, true), 528U * 30U * 14U * 16U);
}

TEST(KernelFlops, GrowWithEachLayerAlike) {
  for (const auto recursion : {kernels::Recursion::echo, kernels::Recursion::admittance}) {
    const double one = kernels::flops_per_evaluation(1, recursion);
    const double step = kernels::flops_per_evaluation(2, recursion) - one;
    EXPECT_GT(one, 20.0);
    EXPECT_DOUBLE_EQ(kernels::flops_per_evaluation(30, recursion), one + 29.0 * step);
  }
  EXPECT_GT(kernels::flops_per_evaluation(30, kernels::Recursion::admittance),
            kernels::flops_per_evaluation(30, kernels::Recursion::echo));
}

/// Memory of which nothing exists before it is touched.
template <class T>
class Untouched {
 public:
  explicit Untouched(std::int64_t count) : bytes_(static_cast<std::size_t>(count) * sizeof(T)) {
    void* const memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    data_ = memory == MAP_FAILED ? nullptr : static_cast<T*>(memory);
  }
  ~Untouched() {
    if (data_) munmap(data_, bytes_);
  }
  Untouched(const Untouched&) = delete;
  Untouched& operator=(const Untouched&) = delete;
  T* data() const { return data_; }

 private:
  std::size_t bytes_;
  T* data_;
};

TEST(KernelIndices, GoBeyondTwoToThe31Elements) {
  constexpr std::int64_t two_31 = std::int64_t{1} << 31;
  EXPECT_EQ(kernels::element(two_31, 31, 30), 31 * two_31 + 30);

  // The last model of a batch whose arrays have more elements than 32 bits count.
  const core::PlanTable table = test::plain_table(2, 3, 1, 2);
  test::Random random(24);
  const ModelSet one = test::random_models(random, 1, {.layers = 3, .varying_layers = false});
  const std::int64_t models = 2 * two_31 / 3 + 5;
  const Untouched<double> resistivity(3 * models);
  const Untouched<double> thickness(2 * models);
  const Untouched<double> response(2 * models);
  const Untouched<Status> status(models);
  if (!resistivity.data() || !thickness.data() || !response.data() || !status.data()) {
    GTEST_SKIP() << "SKIPPED: no room for so many addresses";
  }
  std::ranges::copy(one.resistivity, resistivity.data() + 3 * (models - 1));
  std::ranges::copy(one.thickness, thickness.data() + 2 * (models - 1));
  kernels::BatchPointers batch;
  batch.models = models;
  batch.layers = 3;
  batch.resistivity = resistivity.data();
  batch.thickness = thickness.data();
  kernels::run_block_on_host(packed(table), batch, {response.data(), status.data()}, models - 1,
                             {.blocks = models});
  const Responses expected = test::run_kernel(table, one.view());
  EXPECT_EQ(response.data()[2 * (models - 1)], expected(0, 0));
  EXPECT_EQ(response.data()[2 * (models - 1) + 1], expected(0, 1));
}

}  // namespace
}  // namespace stratem
