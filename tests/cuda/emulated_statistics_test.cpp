// Responses counted on emulated devices: the statistics must be those of the responses of the
// kernel's source.
#include <cuda_runtime_api.h>

#include "cpu/plain_kernel.hpp"
#include "cuda/emulated_support.hpp"
#include "kernels/kernel_support.hpp"
#include "kernels/response_counts.hpp"

namespace stratem::test {
namespace {

using emulated::Machine;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class EmulatedStatistics : public testing::Test {
 protected:
  Random random_{29};
  core::PlanTable table_ = plain_table(4, 20, 1, 2);
};

TEST_F(EmulatedStatistics, AreThoseOfTheResponses) {
  const ModelSet models = mixed_models(150);
  const Responses expected = run_kernel(table_, models.view());
  std::uint64_t seed = 0;
  for (const int devices : {1, 2, 3}) {
    for (const int streams : {1, 3}) {
      for (const std::int64_t batch : {1, 31, 1000}) {
        SCOPED_TRACE(std::to_string(devices) + " devices, " + std::to_string(streams) +
                     " streams, batches of " + std::to_string(batch));
        on_machine(devices_of(devices, 30us, ++seed), [&](Machine&) {
          const auto evaluator = make_evaluator(table_, streams, batch);
          expect_counted(accumulate(*evaluator, models, table_.gates), expected);
        });
      }
    }
  }
}

TEST_F(EmulatedStatistics, AreThoseOfPolarizableLayersInBothPrecisions) {
  const core::PlanTable table = in_both_precisions(random_table(random_, 150.0));
  const ModelSet models = mixed_models(100, true);
  on_machine(devices_of(2, 30us), [&](Machine&) {
    expect_counted(accumulate(*make_evaluator(table, 2, 30), models, table.gates),
                   run_kernel(table, models.view()));
  });
}

TEST_F(EmulatedStatistics, StartAnewWithEachCall) {
  const ModelSet models = mixed_models(100);
  const ModelSet others = mixed_models(37, false, true);
  on_machine(devices_of(2), [&](Machine&) {
    const auto evaluator = make_evaluator(table_, 2, 20);
    for (int round = 0; round < 2; ++round) {
      expect_counted(accumulate(*evaluator, models, table_.gates),
                     run_kernel(table_, models.view()));
      expect_counted(accumulate(*evaluator, others, table_.gates),
                     run_kernel(table_, others.view()));
    }
  });
}

TEST_F(EmulatedStatistics, StayOnTheDeviceUntilTheyAreCollected) {
  const ModelSet models = mixed_models(400);
  on_machine(devices_of(1), [&](Machine& machine) {
    const auto evaluator = make_evaluator(table_, 1, 10);
    const Counted counted = accumulate(*evaluator, models, table_.gates);
    // Each of the 40 batches copies models, summaries and status, but no responses. Then the marks
    // of used pages are copied, and the pages, neighbours together.
    EXPECT_GE(machine.calls("cudaMemcpyAsync"), 3 * 40 + 2);
    EXPECT_LE(machine.calls("cudaMemcpyAsync"), 3 * 40 + 1 + 40);
    EXPECT_GE(machine.bytes_used(0), kernels::count_bytes(table_.gates));
  });
}

TEST_F(EmulatedStatistics, AreCountedOnTheHostWhereThereIsNoMemoryForCounters) {
  const ModelSet models = mixed_models(150);
  const Responses expected = run_kernel(table_, models.view());
  const std::size_t counters = kernels::count_bytes(table_.gates);
  for (const std::size_t memory : {counters / 2, 3 * counters}) {
    emulated::MachineSetup setup;
    setup.devices = {{memory, 2}};
    on_machine(setup, [&](Machine& machine) {
      const auto evaluator = make_evaluator(table_, 2, 20);
      expect_counted(accumulate(*evaluator, models, table_.gates), expected);
      EXPECT_LT(machine.bytes_used(0), counters);
      EXPECT_THAT(evaluator->device(), Not(HasSubstr("gave up")));
    });
  }
}

TEST_F(EmulatedStatistics, AreCountedOnTheHostWhereResponsesHaveNoCounter) {
  core::PlanTable table = table_;
  for (auto& row : table.windows[0].rows) {
    if (row.gate != 1) continue;
    for (auto& weight : row.weight) weight *= 1e30;
  }
  const ModelSet models = mixed_models(150);
  on_machine(devices_of(1), [&](Machine&) {
    expect_counted(accumulate(*make_evaluator(table, 2, 20), models, table.gates),
                   run_kernel(table, models.view()));
  });
}

}  // namespace
}  // namespace stratem::test
