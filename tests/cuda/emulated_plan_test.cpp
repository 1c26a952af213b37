// Plans on emulated devices: what the public interface reports about devices, and plans side by
// side.
#include <cuda_runtime_api.h>

#include <optional>
#include <thread>

#include "cpu/plain_kernel.hpp"
#include "cuda/device_scope.hpp"
#include "cuda/emulated_support.hpp"
#include "plan/plan_support.hpp"
#include "stratem/backends.hpp"
#include "stratem/error.hpp"
#include "stratem/kernel_rate.hpp"
#include "stratem/validate.hpp"
#include "support/message_of.hpp"
#include "support/on_device.hpp"
#include "support/statistics.hpp"
#include "support/systems.hpp"

namespace stratem::test {
namespace {

using emulated::Machine;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

std::string reason() { return backends().front().reason; }

TEST(EmulatedDevices, AreListed) {
  emulated::MachineSetup setup;
  setup.devices = {{1 << 20, 2}, {1 << 21, 2}};
  setup.driver = CUDART_VERSION;
  on_machine(setup, [](Machine&) {
    const auto all = devices();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].ordinal, 1);
    EXPECT_EQ(all[1].name, "Emulated GPU");
    EXPECT_EQ(all[1].memory, 1 << 21);
    EXPECT_EQ(all[1].compute_capability, "9.0");
    EXPECT_EQ(all[1].driver, std::to_string(CUDART_VERSION / 1000) + "." +
                                 std::to_string(CUDART_VERSION % 1000 / 10));
    EXPECT_EQ(reason(), "");
  });
}

TEST(EmulatedDevices, SayWhyThereAreNone) {
  const auto expect_none = [](const emulated::MachineSetup& setup, const std::string& why) {
    on_machine(setup, [&](Machine&) {
      EXPECT_THAT(reason(), MatchesRegex(why));
      EXPECT_THAT(devices(), IsEmpty());
      EXPECT_EQ(cudaGetLastError(), cudaSuccess);
    });
  };
  expect_none({}, "no device: no CUDA-capable device is detected");
  emulated::MachineSetup old = devices_of(1);
  old.driver = 12000;
  expect_none(old, "no driver for CUDA [0-9.]+: this machine's knows up to 12.0");
  old.driver = 0;
  expect_none(old, "no driver: this machine has none for NVIDIA devices");
}

/// Uses a plan that is built without devices.
class EmulatedPlan : public testing::Test {
 protected:
  static const Plan& on_cpu() {
    static const Plan plan(central_loop(log_times(1e-5, 1e-4, 5)), [] {
      Options options = plan_options(1e-3);
      options.backend = Backend::cpu;
      return options;
    }());
    return plan;
  }
  static Plan on_cuda(Options options = on_cpu().options()) {
    options.backend = Backend::cuda;
    return on_cpu().on(options);
  }
  static ModelSet models(int per_count) {
    ModelSet models =
        core::random_models(core::ensemble_range(on_cpu().options()), {1, 3, 8}, per_count, 31);
    models.resistivity[0] = -1.0;
    models.resistivity[static_cast<std::size_t>(models.layers)] = 1e7;
    return models;
  }
};

TEST_F(EmulatedPlan, GivesWhatTheCpuGives) {
  const ModelSet some = models(40);
  const Responses expected = on_cpu().forward(some.view());
  on_machine(devices_of(2, 20us), [&](Machine&) {
    const Plan plan = on_cuda();
    EXPECT_EQ(plan.device(), "2 x Emulated GPU");
    const Responses found = plan.forward(some.view());
    EXPECT_EQ(found.status, expected.status);
    EXPECT_LE(measured_error(plan.system(), found, expected).median, 1e-10);
    EnsembleStatistics counted(plan.gates(), 0);
    EXPECT_EQ(plan.accumulate(some.view(), counted).failed(), 2);
    EnsembleStatistics kept(plan.gates(), 0);
    kept.add(found);
    const std::vector<double> percentiles{0, 5, 50, 95, 100};
    expect_same_statistics(counted.result(percentiles), kept.result(percentiles));
  });
}

TEST_F(EmulatedPlan, ServesTwoCallersOfTwoPlansAtOnce) {
  const ModelSet some = models(60);
  on_machine(devices_of(2, 50us), [&](Machine&) {
    Options options = on_cpu().options();
    options.batch = 20;
    const Plan first = on_cuda(options);
    std::optional<Plan> second(on_cuda(options));
    const Responses expected = first.forward(some.view());
    std::vector<Responses> found(4);
    std::thread caller([&] {
      for (std::size_t i : {0U, 1U}) found[i] = first.forward(some.view());
    });
    for (std::size_t i : {2U, 3U}) found[i] = second->forward(some.view());
    second.reset();  // while the other plan computes
    caller.join();
    for (const Responses& each : found) EXPECT_EQ(difference(each, expected), "");
  });
}

TEST_F(EmulatedPlan, CountsForTwoCallersAtOnce) {
  const ModelSet some = models(60);
  on_machine(devices_of(2, 50us), [&](Machine&) {
    Options options = on_cpu().options();
    options.batch = 20;
    const Plan plan = on_cuda(options);
    EnsembleStatistics one(plan.gates(), 0);
    EnsembleStatistics other(plan.gates(), 0);
    EnsembleStatistics kept(plan.gates(), 0);
    kept.add(plan.forward(some.view()));
    std::thread caller([&] { plan.accumulate(some.view(), one); });
    plan.accumulate(some.view(), other);
    caller.join();
    const std::vector<double> percentiles{0, 50, 100};
    for (const auto* each : {&one, &other}) {
      expect_same_statistics(each->result(percentiles), kept.result(percentiles));
    }
  });
}

TEST_F(EmulatedPlan, LeavesNothingOnTheDevicesWhenItEnds) {
  const ModelSet some = models(5);
  on_machine(devices_of(3), [&](Machine& machine) {
    {
      const Plan plan = on_cuda();
      EnsembleStatistics statistics(plan.gates(), 0);
      plan.accumulate(some.view(), statistics);
      for (const int device : {0, 1, 2}) EXPECT_GT(machine.bytes_used(device), 0U);
    }
    for (const int device : {0, 1, 2}) EXPECT_EQ(machine.bytes_used(device), 0U);
  });
}

/// Querying devices can fail at any time. A plan without devices would then silently compute
/// everything on the host.
TEST_F(EmulatedPlan, IsNotMadeWhereDevicesCannotBeCounted) {
  bool fired = true;
  for (std::int64_t nth = 0; fired; ++nth) {
    on_machine(devices_of(1), [&](Machine& machine) {
      machine.inject(
          {.error = cudaErrorMemoryAllocation, .nth = nth, .call = "cudaGetDeviceCount"});
      try {
        EXPECT_EQ(on_cuda().device(), "Emulated GPU");
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("out of memory"));
      }
      fired = machine.fired() > 0;
    });
  }
}

TEST_F(EmulatedPlan, SaysWhatItsDevicesDidNotDo) {
  const ModelSet some = models(5);
  on_machine(devices_of(1), [&](Machine& machine) {
    const Plan plan = on_cuda();
    plan.forward(some.view());
    EXPECT_FALSE(plan.device_faults().any());
    machine.inject({.error = cudaErrorLaunchFailure, .call = "cudaLaunchKernel", .times = 1000});
    EnsembleStatistics statistics(plan.gates(), 0);
    plan.forward(some.view());
    plan.accumulate(some.view(), statistics);
    const DeviceFaults faults = plan.device_faults();
    EXPECT_THAT(faults.devices,
                testing::ElementsAre(AllOf(StartsWith("Emulated GPU: "), HasSubstr("launch"))));
    EXPECT_EQ(faults.models_on_cpu, 2 * some.models);
  });
}

TEST_F(EmulatedPlan, DoesNotPassValidationIfItsDeviceFails) {
  ModelSet some = models(5);
  const auto validated = [&] {
    return validate(on_cpu(), some.view(),
                    {.backends = {Backend::cuda, Backend::cpu}, .reference_models = 2});
  };
  on_machine(devices_of(1), [&](Machine& machine) {
    const Validation before = validated();
    EXPECT_TRUE(before.passed());
    machine.inject({.error = cudaErrorLaunchFailure, .call = "cudaLaunchKernel", .times = 1000});
    const Validation after = validated();
    EXPECT_FALSE(after.passed());
    for (const auto& comparison : after.comparisons) {
      EXPECT_EQ(comparison.passed(), comparison.backend == Backend::cpu);
      EXPECT_LE(comparison.worst, comparison.allowed);
    }
  });
}

TEST_F(EmulatedPlan, IsOnTheDevicesNamed) {
  on_machine(devices_of(3), [&](Machine& machine) {
    Options options = on_cpu().options();
    options.devices = {2};
    const Plan plan = on_cuda(options);
    EXPECT_EQ(plan.device(), "Emulated GPU");
    plan.forward(models(5).view());
    EXPECT_EQ(machine.bytes_used(0) + machine.bytes_used(1), 0U);
    options.devices = {3};
    EXPECT_THROW(on_cuda(options), InputError);
  });
}

TEST_F(EmulatedPlan, LeavesTheCallersDeviceCurrent) {
  on_machine(devices_of(3), [&](Machine&) {
    EXPECT_EQ(cudaSetDevice(1), cudaSuccess);
    {
      const Plan plan = on_cuda();
      EnsembleStatistics statistics(plan.gates(), 0);
      plan.accumulate(models(5).view(), statistics);
      kernel_rates(plan, models(5).view(), 0.0);
    }
    int current = -1;
    EXPECT_EQ(cudaGetDevice(&current), cudaSuccess);
    EXPECT_EQ(current, 1);
    EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  });
}

TEST_F(EmulatedPlan, ComputesModelsInADevicesMemory) {
  const ModelSet some = models(40);
  on_machine(devices_of(2, 20us), [&](Machine&) {
    const Plan plan = on_cuda();
    const cuda::DeviceScope scope(1);
    const auto memory = allocate_on_device(1, 100);
    EXPECT_EQ(device_of(memory.get()), 1);
    const ModelsOnDevice copied(some);
    const ResponsesOnDevice responses(some.models, plan.gates());
    plan.forward_on_device(copied.arrays(), responses.arrays());
    const Responses found = responses.to_host();
    EXPECT_EQ(difference(found, plan.forward(some.view())), "");
    EXPECT_EQ(found.status[0], Status::bad_resistivity);
    EXPECT_EQ(found.status[1], Status::out_of_range);
    EXPECT_EQ(cuda::current_device(), 1);
    plan.forward_on_device({.models = 0, .layers = 3}, {});
  });
}

TEST_F(EmulatedPlan, ComputesInADevicesMemoryNothingThatItWouldComputeElsewhere) {
  const ModelSet some = models(5);
  on_machine(devices_of(1), [&](Machine&) {
    const ModelsOnDevice copied(some);
    const ResponsesOnDevice responses(some.models, on_cpu().gates());
    const auto expect_unavailable = [&](Options options, Backend backend, const char* message) {
      options.backend = backend;
      const Plan plan = on_cpu().on(options);
      EXPECT_EQ(message_of<UnavailableError>(
                    [&] { plan.forward_on_device(copied.arrays(), responses.arrays()); }),
                message);
    };
    const Options options = on_cpu().options();
    expect_unavailable(options, Backend::cpu,
                       "backend cpu: models in a device's memory, allowed is backend cuda");
    expect_unavailable(options, Backend::hybrid,
                       "backend hybrid: models in a device's memory, allowed is backend cuda");
    Options with_reference = options;
    with_reference.out_of_range = OutOfRange::reference;
    expect_unavailable(with_reference, Backend::cuda,
                       "out-of-range: reference, allowed for models in a device's memory is flag");
  });
}

TEST_F(EmulatedPlan, ChecksShapesOfModelsInADevicesMemory) {
  const ModelSet some = models(5);
  on_machine(devices_of(1), [&](Machine&) {
    const Plan plan = on_cuda();
    const ModelsOnDevice copied(some);
    const ResponsesOnDevice responses(some.models, plan.gates());
    const auto message = [&](const DeviceModels& from, const DeviceResponses& to) {
      return message_of<InputError>([&] { plan.forward_on_device(from, to); });
    };
    DeviceModels changed = copied.arrays();
    changed.layers = 201;
    EXPECT_EQ(message(changed, responses.arrays()), "models: 201 layers, allowed is 1 to 200");
    changed = copied.arrays();
    changed.thickness = nullptr;
    EXPECT_THAT(message(changed, responses.arrays()), StartsWith("depth or thickness: one is "));
    changed = copied.arrays();
    changed.exponent = changed.resistivity;
    EXPECT_THAT(message(changed, responses.arrays()), StartsWith("chargeability, time_constant, "));
    EXPECT_EQ(message(copied.arrays(), {nullptr, responses.arrays().status}), "response: missing");
    EXPECT_EQ(message(copied.arrays(), {responses.arrays().response, nullptr}), "status: missing");
    EXPECT_THROW(device_of(some.resistivity.data()), InputError);
    EXPECT_THROW(allocate_on_device(1, 8), InputError);
    EXPECT_THAT(message_of<DeviceError>([] { allocate_on_device(0, std::size_t{1} << 40); }),
                StartsWith("device 0 (Emulated GPU): cudaMalloc: "));
  });
}

TEST_F(EmulatedPlan, MeasuresTheKernelOnEachDevice) {
  const ModelSet some = models(20);
  on_machine(devices_of(2), [&](Machine&) {
    Options options = on_cpu().options();
    options.batch = 50;
    const auto rates = kernel_rates(on_cuda(options), some.view(), 0.01);
    ASSERT_EQ(rates.size(), 2U);
    for (const KernelRate& rate : rates) {
      EXPECT_EQ(rate.device, "Emulated GPU");
      EXPECT_EQ(rate.models, 50);
      EXPECT_GT(rate.models_per_second, 0.0);
      EXPECT_GT(rate.occupancy, 0.0);
      EXPECT_LE(rate.occupancy, 1.0);
      ASSERT_TRUE(rate.peak.has_value());
      EXPECT_EQ(rate.peak->float64, 2.0 * 64 * 2 * 1e9);
    }
  });
}

TEST_F(EmulatedPlan, NamesTheDeviceThatFailsUnderTheKernelAlone) {
  const ModelSet some = models(5);
  bool fired = true;
  for (std::int64_t nth = 0; fired; ++nth) {
    SCOPED_TRACE(nth);
    on_machine(devices_of(2, 20us), [&](Machine& machine) {
      const Plan plan = on_cuda();
      machine.inject({.error = cudaErrorLaunchFailure, .nth = nth, .device = 1});
      try {
        kernel_rates(plan, some.view(), 0.0);
      } catch (const DeviceError& error) {
        EXPECT_THAT(error.what(), StartsWith("device 1 (Emulated GPU): cuda"));
      }
      fired = machine.fired() > 0;
    });
    ASSERT_FALSE(HasFailure());
  }
}

TEST_F(EmulatedPlan, LeavesNoWorkBehindWhereTheKernelAloneFails) {
  const ModelSet some = models(5);
  for (const char* call : {"cudaEventRecord", "cudaEventSynchronize"}) {
    on_machine(devices_of(1, 20ms), [&](Machine& machine) {
      const Plan plan = on_cuda();
      machine.inject({.error = cudaErrorInvalidValue, .call = call});
      EXPECT_THROW(kernel_rates(plan, some.view(), 0.0), DeviceError);
      EXPECT_EQ(machine.fired(), 1);
    });
  }
}

TEST_F(EmulatedPlan, LeavesTheChoiceToTheCpuWhereADeviceDoesNotStart) {
  on_machine(devices_of(2), [&](Machine& machine) {
    machine.inject({.error = cudaErrorLaunchFailure, .nth = 3, .call = "cudaMalloc", .device = 1});
    Options options = on_cpu().options();
    options.backend = Backend::automatic;
    const Plan plan = on_cpu().on(options);
    EXPECT_EQ(plan.backend(), Backend::cpu);
    EXPECT_THAT(plan.device(), HasSubstr("; did not start device 1 (Emulated GPU): cudaMalloc: "));
  });
}

}  // namespace
}  // namespace stratem::test
