// Emulated devices that run out of memory or are lost at every call in turn: no result is lost,
// doubled or wrong, and no resource is leaked.
#include <cuda_runtime_api.h>

#include <array>
#include <functional>
#include <string>

#include "cpu/plain_kernel.hpp"
#include "cuda/device_scope.hpp"
#include "cuda/emulated_support.hpp"
#include "cuda/memory.hpp"
#include "kernels/kernel_support.hpp"
#include "stratem/error.hpp"

namespace stratem::test {
namespace {

using emulated::Fault;
using emulated::Machine;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class EmulatedFaults : public testing::Test {
 protected:
  static constexpr std::int64_t batch = 13;

  /// Runs body(evaluator, machine) with the fault at its first call, at its second, ... until a run
  /// ends without the fault. If it prevents opening the evaluator, the error must say so.
  void at_every_call(const emulated::MachineSetup& setup, Fault fault, int streams, Backend backend,
                     const std::function<void(const core::Evaluator&, Machine&)>& body) {
    bool fired = true;
    for (fault.nth = 0; fired; ++fault.nth) {
      SCOPED_TRACE(fault.call + " " + std::to_string(fault.nth));
      on_machine(setup, [&](Machine& machine) {
        machine.inject(fault);
        try {
          const auto evaluator = make_evaluator(table_, streams, batch, backend);
          body(*evaluator, machine);
        } catch (const DeviceError& error) {
          EXPECT_THAT(error.what(),
                      MatchesRegex("(device [01] \\(Emulated GPU\\): |cudaGetDevice).*"));
        } catch (const UnavailableError& error) {
          EXPECT_THAT(error.what(), HasSubstr("no device: "));
        }
        fired = machine.fired() > 0;
      });
      ASSERT_FALSE(HasFailure());
      ASSERT_LT(fault.nth, 2000);
    }
    // It occurred at least once. More cannot be expected: one stream may take all batches, and
    // another may make no calls.
    EXPECT_GT(fault.nth, 1);
  }

  /// Expects all rows, in order. Each row must be the kernel's or, if the cpu may help, the cpu's.
  void expect_all(const core::Evaluator& evaluator, bool cpu_may_help) {
    const Responses found = forward(evaluator, models_, table_.gates);
    EXPECT_EQ(difference(found, kernel_, cpu_may_help ? cpu_ : kernel_), "") << evaluator.device();
  }
  void expect_all_counted(const core::Evaluator& evaluator) {
    expect_counted(accumulate(evaluator, models_, table_.gates), kernel_);
  }

  core::PlanTable table_ = plain_table(2, 7, 1, 1);
  ModelSet models_ = mixed_models(60);
  Responses kernel_ = run_kernel(table_, models_.view());
  Responses cpu_ = run_cpu(table_, system_at_40_m(), models_.view());
};

// Calls made for a batch that are known to fail for lack of memory.
const std::array<std::pair<const char*, cudaError_t>, 2> lacking{{
    {"cudaMalloc", cudaErrorMemoryAllocation},
    {"cudaHostAlloc", cudaErrorMemoryAllocation},
}};

TEST_F(EmulatedFaults, ThatLackMemoryInABatchDoNotGiveTheDeviceUp) {
  for (const auto& [call, error] : lacking) {
    at_every_call(devices_of(1), {.error = error, .call = call}, 2, Backend::cuda,
                  [&](const core::Evaluator& evaluator, Machine&) {
                    expect_all(evaluator, false);
                    EXPECT_THAT(evaluator.device(), Not(HasSubstr("gave up")));
                  });
  }
}

/// Registers and shared memory do not depend on the number of models: fewer of them would not help.
TEST_F(EmulatedFaults, ThatLackRegistersGiveTheDeviceUp) {
  at_every_call(devices_of(1), {.error = cudaErrorLaunchOutOfResources, .call = "cudaLaunchKernel"},
                2, Backend::cuda, [&](const core::Evaluator& evaluator, Machine& machine) {
                  expect_all(evaluator, true);
                  EXPECT_EQ(evaluator.faults().any(), machine.fired() > 0);
                });
}

TEST_F(EmulatedFaults, ThatLackMemoryInAnyCallLoseNoResponses) {
  at_every_call(devices_of(2, 20us), {.error = cudaErrorMemoryAllocation}, 2, Backend::cuda,
                [&](const core::Evaluator& evaluator, Machine&) { expect_all(evaluator, true); });
}

TEST_F(EmulatedFaults, ThatLackMemoryInAnyCallCountEachModelOnce) {
  at_every_call(devices_of(1, 20us), {.error = cudaErrorMemoryAllocation}, 2, Backend::cuda,
                [&](const core::Evaluator& evaluator, Machine&) {
                  expect_all_counted(evaluator);
                  expect_all_counted(evaluator);
                });
}

TEST_F(EmulatedFaults, ThatLackMemoryFromSomeCallOnLeaveTheRestToTheHost) {
  for (const auto& [call, error] : lacking) {
    at_every_call(devices_of(1), {.error = error, .call = call, .times = 1000000}, 2, Backend::cuda,
                  [&](const core::Evaluator& evaluator, Machine&) {
                    expect_all(evaluator, true);
                    expect_all_counted(evaluator);
                  });
  }
}

/// Freeing pinned memory does not wait for the work that uses it.
TEST_F(EmulatedFaults, ThatEndACallLeaveNoWorkBehind) {
  for (const char* call : {"cudaEventRecord", "cudaEventSynchronize"}) {
    at_every_call(devices_of(1, 2ms), {.error = cudaErrorInvalidValue, .call = call}, 1,
                  Backend::cuda, [&](const core::Evaluator& evaluator, Machine&) {
                    accumulate(evaluator, models_, table_.gates);
                  });
  }
}

/// Errors while resources are released belong to no other call, not even to the next launch.
TEST_F(EmulatedFaults, ThatAreIgnoredAreNotTakenForThoseOfALaunch) {
  at_every_call(
      devices_of(1), {.error = cudaErrorMemoryAllocation, .call = "cudaMalloc"}, 1, Backend::cuda,
      [&](const core::Evaluator& evaluator, Machine& machine) {
        machine.inject({.error = cudaErrorInvalidValue, .call = "cudaFree", .times = 1000});
        expect_all_counted(evaluator);
        EXPECT_THAT(evaluator.device(), Not(HasSubstr("gave up")));
      });
}

TEST_F(EmulatedFaults, ThatLoseADeviceLeaveItsBatchesToAnother) {
  for (const bool when_done : {false, true}) {
    at_every_call(devices_of(2, 20us),
                  {.error = cudaErrorLaunchFailure, .device = 0, .when_done = when_done}, 2,
                  Backend::cuda, [&](const core::Evaluator& evaluator, Machine& machine) {
                    expect_all(evaluator, false);
                    expect_all(evaluator, false);  // the fault may have hit the last call
                    EXPECT_EQ(machine.fired() == 0, evaluator.device() == "2 x Emulated GPU");
                  });
  }
}

TEST_F(EmulatedFaults, ThatLoseADeviceCountEachModelOnceOnAnother) {
  for (const bool when_done : {false, true}) {
    at_every_call(devices_of(2, 20us),
                  {.error = cudaErrorIllegalAddress, .device = 0, .when_done = when_done}, 2,
                  Backend::cuda, [&](const core::Evaluator& evaluator, Machine&) {
                    expect_all_counted(evaluator);
                    expect_all_counted(evaluator);
                  });
  }
}

TEST_F(EmulatedFaults, ThatLoseTheOnlyDeviceLeaveTheRestToTheHost) {
  for (const Backend backend : {Backend::cuda, Backend::hybrid}) {
    at_every_call(devices_of(1), {.error = cudaErrorECCUncorrectable}, 2, backend,
                  [&](const core::Evaluator& evaluator, Machine& machine) {
                    expect_all(evaluator, true);
                    expect_all_counted(evaluator);
                    if (machine.fired() == 0) return;
                    // The fault may have hit the last call, and the host may take all batches.
                    // Counting starts with the device in any case.
                    expect_all_counted(evaluator);
                    EXPECT_THAT(evaluator.device(), HasSubstr("; gave up Emulated GPU: cuda"));
                    EXPECT_THAT(evaluator.device(),
                                HasSubstr("cudaErrorECCUncorrectable, uncorrectable ECC error"));
                  });
  }
}

/// This happens when a worker's buffer grows in the middle of a batch.
TEST_F(EmulatedFaults, ThatHideTheCurrentDeviceDoNotChangeIt) {
  on_machine(devices_of(2), [](Machine& machine) {
    const cuda::DeviceScope scope(1);
    cuda::DeviceBuffer buffer;
    buffer.reserve(100);
    machine.inject({.error = cudaErrorMemoryAllocation, .call = "cudaGetDevice"});
    buffer.release();
    EXPECT_EQ(machine.fired(), 1);
    EXPECT_EQ(cuda::current_device(), 1);
  });
}

TEST_F(EmulatedFaults, ThatLoseAllDevicesInTurnLeaveTheRestToTheHost) {
  on_machine(devices_of(3, 20us), [&](Machine& machine) {
    for (const int device : {0, 1, 2}) {
      machine.inject({.error = cudaErrorLaunchTimeout,
                      .nth = 2 + device,
                      .call = "cudaLaunchKernel",
                      .device = device,
                      .when_done = true});
    }
    const auto evaluator = make_evaluator(table_, 2, batch);
    const auto lost = [&] { return machine.fired(0) + machine.fired(1) + machine.fired(2); };
    for (int round = 0; round < 50 && lost() < 3; ++round) expect_all(*evaluator, true);
    EXPECT_EQ(lost(), 3);
    EXPECT_THAT(evaluator->device(), testing::StartsWith("CPU, "));
    expect_all(*evaluator, true);
    expect_all_counted(*evaluator);
  });
}

}  // namespace
}  // namespace stratem::test
