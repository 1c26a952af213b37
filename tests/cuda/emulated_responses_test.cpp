// The cuda backend's host side on emulated devices: the responses are bitwise those of the kernel's
// source, whatever the devices, streams and batches.
#include <cuda_runtime_api.h>

#include "cpu/plain_kernel.hpp"
#include "cuda/emulated_support.hpp"
#include "kernels/kernel_support.hpp"

namespace stratem::test {
namespace {

using emulated::Machine;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class EmulatedResponses : public testing::Test {
 protected:
  void expect_those_of_the_kernel(const core::PlanTable& table, const ModelSet& models) {
    const Responses expected = run_kernel(table, models.view());
    std::uint64_t seed = 0;
    for (const int devices : {1, 2, 3}) {
      for (const int streams : {1, 2, 4}) {
        for (const std::int64_t batch : {1, 31, 33, 1000}) {
          SCOPED_TRACE(std::to_string(devices) + " devices, " + std::to_string(streams) +
                       " streams, batches of " + std::to_string(batch));
          on_machine(devices_of(devices, 30us, ++seed), [&](Machine&) {
            const auto evaluator = make_evaluator(table, streams, batch);
            EXPECT_EQ(difference(forward(*evaluator, models, table.gates), expected), "");
            EXPECT_THAT(evaluator->device(), Not(HasSubstr("gave up")));
          });
        }
      }
    }
  }

  Random random_{23};
  core::PlanTable table_ = random_table(random_, 150.0);
};

TEST_F(EmulatedResponses, AreThoseOfTheKernel) {
  expect_those_of_the_kernel(table_, mixed_models(150));
}

TEST_F(EmulatedResponses, AreThoseOfTheKernelWithHeights) {
  expect_those_of_the_kernel(table_, mixed_models(100, false, true));
}

TEST_F(EmulatedResponses, AreThoseOfTheKernelInBothPrecisionsWithPolarizableLayers) {
  expect_those_of_the_kernel(in_both_precisions(table_), mixed_models(80, true));
}

TEST_F(EmulatedResponses, AreThoseOfTheKernelInSinglePrecision) {
  expect_those_of_the_kernel(in_single_precision(table_), mixed_models(100));
}

TEST_F(EmulatedResponses, AreThoseOfTheKernelWherePlansDoNotFitConstantOrSharedMemory) {
  for (const auto& table : {plain_table(3, 3000, 1, 4), plain_table(2000, 4, 1, 300)}) {
    const ModelSet models = mixed_models(8);
    const Responses expected = run_kernel(table, models.view());
    on_machine(devices_of(1), [&](Machine&) {
      EXPECT_EQ(difference(forward(*make_evaluator(table, 2, 3), models, table.gates), expected),
                "");
    });
  }
}

/// A plan is uploaded from memory that is not pinned, and copies of such memory may still be in
/// progress when they return. Workers, whose streams do not wait for others, must not start before
/// these copies end.
TEST_F(EmulatedResponses, WaitForThePlanToBeOnTheDevice) {
  const ModelSet models = mixed_models(20);
  const Responses expected = run_kernel(table_, models.view());
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    on_machine(devices_of(1, 20ms, seed), [&](Machine&) {
      EXPECT_EQ(difference(forward(*make_evaluator(table_, 1, 0), models, table_.gates), expected),
                "");
    });
  }
}

TEST_F(EmulatedResponses, TakeNoMoreMemoryAfterTheFirstBatches) {
  const core::PlanTable table = in_both_precisions(table_);
  const ModelSet models = mixed_models(50, true);  // the last batch is smaller
  on_machine(devices_of(1), [&](Machine& machine) {
    const auto evaluator = make_evaluator(table, 1, 20);
    const auto allocations = [&] {
      return machine.calls("cudaMalloc") + machine.calls("cudaHostAlloc");
    };
    const auto run = [&] {
      forward(*evaluator, models, table.gates);
      accumulate(*evaluator, models, table.gates);
    };
    run();
    const std::int64_t before = allocations();
    const std::size_t used = machine.bytes_used(0);
    for (int round = 0; round < 10; ++round) run();
    EXPECT_EQ(allocations(), before);
    EXPECT_EQ(machine.bytes_used(0), used);
  });
}

TEST_F(EmulatedResponses, TakeMemoryOnceForEachStream) {
  const ModelSet models = mixed_models(200);
  on_machine(devices_of(2, 50us), [&](Machine& machine) {
    constexpr int streams = 3;
    const auto evaluator = make_evaluator(table_, streams, 20);
    const std::int64_t opened = machine.calls("cudaMalloc");
    for (int round = 0; round < 20; ++round) forward(*evaluator, models, table_.gates);
    EXPECT_LE(machine.calls("cudaMalloc") - opened, 2 * streams * 2);  // models and responses
    EXPECT_LE(machine.calls("cudaHostAlloc"), 2 * streams * 2);
  });
}

TEST_F(EmulatedResponses, ComeInSmallerBatchesWhereMemoryIsShort) {
  const ModelSet models = mixed_models(600);
  const Responses expected = run_kernel(table_, models.view());
  emulated::MachineSetup setup;
  setup.devices = {{1 << 20, 2}};
  on_machine(setup, [&](Machine& machine) {
    const auto evaluator = make_evaluator(table_, 2, 600);
    const std::size_t left = 40000;  // for two workers; 600 models with their responses take 80 kB
    void* others = nullptr;
    ASSERT_EQ(cudaMalloc(&others, (1 << 20) - machine.bytes_used(0) - left), cudaSuccess);
    EXPECT_EQ(difference(forward(*evaluator, models, table_.gates), expected), "");
    EXPECT_THAT(evaluator->device(), Not(HasSubstr("gave up")));
    EXPECT_EQ(cudaFree(others), cudaSuccess);
  });
}

}  // namespace
}  // namespace stratem::test
