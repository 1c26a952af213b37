// Models in the memory of emulated devices: the responses are bitwise those of the same models on
// the host, and what cannot be computed there is an error.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cpu/plain_kernel.hpp"
#include "cuda/cuda.hpp"
#include "cuda/device_scope.hpp"
#include "cuda/emulated_support.hpp"
#include "cuda/memory.hpp"
#include "dispatch/range_guard.hpp"
#include "kernels/kernel_support.hpp"
#include "stratem/error.hpp"
#include "support/message_of.hpp"
#include "support/on_device.hpp"

namespace stratem::test {
namespace {

using emulated::Machine;
using namespace std::chrono_literals;
using testing::MatchesRegex;
using testing::StartsWith;

Options narrow_options() {
  Options options;
  options.resistivity = {1.0, 3000.0};
  options.height = Range{20.0, 60.0};
  options.polarizable = true;
  options.threads = 1;
  return options;
}

std::unique_ptr<core::DeviceEvaluator> make_device_evaluator(const core::PlanTable& table,
                                                             const Options& options) {
  const System system = system_at_40_m();
  return cuda::make_array_evaluator(cuda::load_devices(table, system, options),
                                    core::DeclaredRange(options, system));
}

/// The responses of models on the host, as a plan gives them.
Responses from_host(const core::PlanTable& table, const ModelSet& models, const Options& options) {
  const dispatch::RangeGuard guard(make_evaluator(table, 2, 0), nullptr, options, system_at_40_m());
  return forward(guard, models, table.gates);
}

/// The responses of models that are copied to the current device and computed there.
Responses from_device(const core::DeviceEvaluator& evaluator, const ModelSet& models,
                      std::int64_t gates, void* stream = nullptr) {
  const ModelsOnDevice copied(models);
  const ResponsesOnDevice responses(models.models, gates);
  evaluator.forward(copied.arrays(), responses.arrays(), stream);
  return responses.to_host();
}

class EmulatedArrays : public testing::Test {
 protected:
  void expect_those_of_the_host(const core::PlanTable& table, const ModelSet& models) {
    for (const std::uint64_t seed : {1U, 2U}) {
      on_machine(devices_of(2, 30us, seed), [&](Machine&) {
        const Responses expected = from_host(table, models, narrow_options());
        EXPECT_GT(std::ranges::count(expected.status, Status::out_of_range), 0);
        EXPECT_GT(std::ranges::count(expected.status, Status::ok), 0);
        const auto evaluator = make_device_evaluator(table, narrow_options());
        for (const int device : {0, 1}) {
          const cuda::DeviceScope scope(device);
          EXPECT_EQ(difference(from_device(*evaluator, models, table.gates), expected), "");
          const cuda::StreamOwner stream;
          EXPECT_EQ(
              difference(from_device(*evaluator, models, table.gates, stream.get()), expected), "");
        }
      });
    }
  }

  Random random_{29};
  core::PlanTable table_ = random_table(random_, 150.0);
};

TEST_F(EmulatedArrays, GiveTheResponsesOfTheHost) {
  expect_those_of_the_host(table_, mixed_models(150));
}

TEST_F(EmulatedArrays, GiveTheResponsesOfTheHostWithHeights) {
  expect_those_of_the_host(table_, mixed_models(150, false, true));
}

TEST_F(EmulatedArrays, GiveTheResponsesOfTheHostInBothPrecisionsWithPolarizableLayers) {
  expect_those_of_the_host(in_both_precisions(table_), mixed_models(100, true));
}

TEST_F(EmulatedArrays, GiveTheResponsesOfTheHostInSinglePrecision) {
  expect_those_of_the_host(in_single_precision(table_), mixed_models(100));
}

TEST_F(EmulatedArrays, GiveTheResponsesOfTheHostOfDepths) {
  ModelSet models = mixed_models(100);
  for (std::int64_t m = 0; m < models.models; ++m) {
    double depth = 0.0;
    models.depth.push_back(depth);
    for (std::int64_t i = 0; i + 1 < models.layers; ++i) {
      depth += models.thickness[static_cast<std::size_t>(m * (models.layers - 1) + i)];
      models.depth.push_back(depth);
    }
  }
  models.depth[6 * 3] = 1.0;
  models.thickness.clear();
  expect_those_of_the_host(table_, models);
}

TEST_F(EmulatedArrays, GiveTheResponsesOfTheHostOfHalfSpaces) {
  expect_those_of_the_host(table_, random_models(random_, 50, {.layers = 1}));
}

/// The work is in the caller's stream, so it begins when what was queued there before is done.
TEST_F(EmulatedArrays, MayStillBeOnTheirWayInTheStream) {
  const ModelSet models = random_models(random_, 30, {.layers = 1, .varying_layers = false});
  const std::size_t bytes = models.resistivity.size() * sizeof(double);
  on_machine(devices_of(1, 20ms), [&](Machine&) {
    const Responses expected = from_host(table_, models, narrow_options());
    const auto evaluator = make_device_evaluator(table_, narrow_options());
    const ResponsesOnDevice responses(models.models, table_.gates);
    cuda::PinnedBuffer host;
    cuda::DeviceBuffer device;
    cuda::StreamOwner stream;
    std::memcpy(host.reserve(bytes), models.resistivity.data(), bytes);
    stream.to_device(device.reserve(bytes), host.data(), bytes);
    evaluator->forward({.models = models.models,
                        .layers = 1,
                        .resistivity = reinterpret_cast<const double*>(device.data())},
                       responses.arrays(), stream.get());
    EXPECT_EQ(difference(responses.to_host(), expected), "");
  });
}

TEST_F(EmulatedArrays, AreComputedByManyThreadsAtOnce) {
  const core::PlanTable table = in_both_precisions(table_);
  const ModelSet models = mixed_models(60, true);
  on_machine(devices_of(2, 50us), [&](Machine&) {
    const Responses expected = from_host(table, models, narrow_options());
    const auto evaluator = make_device_evaluator(table, narrow_options());
    std::array<Responses, 6> found;
    {
      std::vector<std::jthread> callers;
      for (std::size_t i = 0; i < found.size(); ++i) {
        callers.emplace_back([&, i] {
          const cuda::DeviceScope scope(static_cast<int>(i % 2));
          const cuda::StreamOwner stream;
          found[i] = from_device(*evaluator, models, table.gates, stream.get());
        });
      }
    }
    for (const Responses& each : found) EXPECT_EQ(difference(each, expected), "");
  });
}

TEST_F(EmulatedArrays, TakeNoMemoryBesideScratchForPolarizableLayers) {
  const core::PlanTable table = in_both_precisions(table_);
  const ModelSet plain = mixed_models(50);
  const ModelSet polarizable = mixed_models(50, true);
  on_machine(devices_of(1), [&](Machine& machine) {
    const auto evaluator = make_device_evaluator(table, narrow_options());
    const ModelsOnDevice plain_models(plain);
    const ModelsOnDevice polarizable_models(polarizable);
    const ResponsesOnDevice responses(50, table.gates);
    const auto taken_by = [&](const ModelsOnDevice& models) {
      const std::size_t before = machine.bytes_used(0);
      evaluator->forward(models.arrays(), responses.arrays(), nullptr);
      return machine.bytes_used(0) - before;
    };
    EXPECT_EQ(taken_by(plain_models), 0U);
    EXPECT_GT(taken_by(polarizable_models), 0U);
    for (int round = 0; round < 3; ++round) EXPECT_EQ(taken_by(polarizable_models), 0U);
    EXPECT_EQ(machine.calls("cudaHostAlloc"), 0);
  });
}

TEST_F(EmulatedArrays, LeaveTheCallersDeviceCurrent) {
  on_machine(devices_of(2), [&](Machine&) {
    const auto evaluator = make_device_evaluator(table_, narrow_options());
    const cuda::DeviceScope scope(1);
    const ModelSet models = mixed_models(5);
    const ModelsOnDevice copied(models);
    const ResponsesOnDevice responses(5, table_.gates);
    {
      const cuda::DeviceScope other(0);
      evaluator->forward(copied.arrays(), responses.arrays(), nullptr);
      EXPECT_EQ(cuda::current_device(), 0);
    }
    EXPECT_EQ(responses.to_host().status[0], from_host(table_, models, narrow_options()).status[0]);
  });
}

TEST_F(EmulatedArrays, AreRefusedWhereTheyAreNotInTheMemoryOfOneDeviceOfThePlan) {
  const ModelSet models = mixed_models(8, true, true);
  on_machine(devices_of(3), [&](Machine&) {
    Options options = narrow_options();
    options.devices = {0, 2};
    const auto evaluator = make_device_evaluator(table_, options);
    const ModelsOnDevice here(models);
    const ResponsesOnDevice responses(8, table_.gates);
    const cuda::DeviceScope scope(1);
    const ModelsOnDevice there(models);
    const ResponsesOnDevice responses_there(8, table_.gates);
    const auto message = [&](const DeviceModels& from, const DeviceResponses& to) {
      return message_of<InputError>([&] { evaluator->forward(from, to, nullptr); });
    };
    EXPECT_EQ(message(there.arrays(), responses_there.arrays()),
              "resistivity: in the memory of device 1, allowed are the plan's devices, 0, 2");
    core::for_each_model_array([&](const auto& array) {
      DeviceModels mixed = here.arrays();
      if (mixed.*array.pointer == nullptr || array.required()) return;
      mixed.*array.pointer = there.arrays().*array.pointer;
      EXPECT_EQ(message(mixed, responses.arrays()),
                std::string(array.name) +
                    ": in the memory of device 1, allowed is that of the resistivities, 0");
      mixed.*array.pointer = (models.*array.values).data();
      EXPECT_EQ(message(mixed, responses.arrays()),
                std::string(array.name) + ": in the host's memory, allowed is that of a device");
    });
    DeviceModels shifted = here.arrays();
    shifted.height =
        reinterpret_cast<const double*>(reinterpret_cast<const std::byte*>(shifted.height) + 4);
    EXPECT_EQ(message(shifted, responses.arrays()),
              "height: not aligned, allowed are multiples of 8 bytes");
    EXPECT_THAT(
        message(here.arrays(), {responses_there.arrays().response, responses.arrays().status}),
        StartsWith("response: in the memory of device 1"));
    EXPECT_THAT(
        message(here.arrays(), {responses.arrays().response, responses_there.arrays().status}),
        StartsWith("status: in the memory of device 1"));
    cuda::PinnedBuffer pinned;
    DeviceModels on_host = here.arrays();
    on_host.resistivity = reinterpret_cast<const double*>(pinned.reserve(8 * 6 * sizeof(double)));
    EXPECT_EQ(message(on_host, responses.arrays()),
              "resistivity: in the host's memory, allowed is that of a device");
    // None of these has touched a device.
    const cuda::DeviceScope back(0);
    evaluator->forward(here.arrays(), responses.arrays(), nullptr);
    EXPECT_EQ(difference(responses.to_host(), from_host(table_, models, options)), "");
  });
}

TEST_F(EmulatedArrays, ThatCannotBeComputedForLackOfMemoryAreAnErrorAndTheNextCallWorks) {
  const ModelSet models = mixed_models(20, true);
  on_machine(devices_of(1), [&](Machine& machine) {
    const Responses expected = from_host(table_, models, narrow_options());
    const auto evaluator = make_device_evaluator(table_, narrow_options());
    const ModelsOnDevice copied(models);
    const ResponsesOnDevice responses(20, table_.gates);
    machine.inject({.error = cudaErrorMemoryAllocation, .call = "cudaMalloc"});
    EXPECT_EQ(message_of<DeviceError>(
                  [&] { evaluator->forward(copied.arrays(), responses.arrays(), nullptr); }),
              "device 0 (Emulated GPU): cudaMalloc: cudaErrorMemoryAllocation, out of memory");
    evaluator->forward(copied.arrays(), responses.arrays(), nullptr);
    EXPECT_EQ(difference(responses.to_host(), expected), "");
  });
}

/// A call gives all responses or throws, whatever fails, and leaves no work and no memory behind.
TEST_F(EmulatedArrays, AreAnErrorWhereAnyCallFails) {
  const core::PlanTable table = in_both_precisions(plain_table(2, 7, 1, 1));
  const ModelSet models = mixed_models(20, true);
  for (const cudaError_t error :
       {cudaErrorLaunchFailure, cudaErrorMemoryAllocation, cudaErrorInvalidValue}) {
    for (const bool when_done : {false, true}) {
      bool fired = true;
      for (std::int64_t nth = 0; fired; ++nth) {
        SCOPED_TRACE(std::to_string(error) + " " + std::to_string(nth));
        on_machine(devices_of(1, 2ms), [&](Machine& machine) {
          const Responses expected = from_host(table, models, narrow_options());
          const auto evaluator = make_device_evaluator(table, narrow_options());
          const ModelsOnDevice copied(models);
          const ResponsesOnDevice responses(20, table.gates);
          const cuda::StreamOwner stream;
          machine.inject({.error = error, .nth = nth, .when_done = when_done});
          bool failed = false;
          try {
            evaluator->forward(copied.arrays(), responses.arrays(), stream.get());
          } catch (const DeviceError& caught) {
            failed = true;
            EXPECT_THAT(caught.what(),
                        MatchesRegex("(device 0 \\(Emulated GPU\\): |cudaPointer).*"));
          }
          fired = machine.fired() > 0;
          EXPECT_TRUE(fired || !failed);
          // A fault of a call that releases something is not the caller's.
          if (fired && !failed && !emulated::loses_device(error)) {
            EXPECT_EQ(difference(responses.to_host(), expected), "");
          }
        });
        ASSERT_FALSE(HasFailure());
        ASSERT_LT(nth, 200);
      }
    }
  }
}

/// The caller may free its arrays, whoever allocated them, when the call has thrown.
TEST_F(EmulatedArrays, AreNotInUseAnyMoreAfterAnError) {
  const ModelSet models = mixed_models(20);
  on_machine(devices_of(1, 20ms), [&](Machine& machine) {
    const Responses expected = from_host(table_, models, narrow_options());
    const auto evaluator = make_device_evaluator(table_, narrow_options());
    const ModelsOnDevice copied(models);
    const ResponsesOnDevice responses(20, table_.gates);
    const cuda::StreamOwner stream;
    machine.inject({.error = cudaErrorInvalidValue, .call = "cudaEventRecord"});
    EXPECT_THROW(evaluator->forward(copied.arrays(), responses.arrays(), stream.get()),
                 DeviceError);
    // The memory of an emulated device can be read here: all that was queued has been done.
    const std::vector<Status> status(responses.arrays().status, responses.arrays().status + 20);
    EXPECT_EQ(status, expected.status);
  });
}

TEST_F(EmulatedArrays, HaveTheLayersThatAreNotFilledUpWithNan) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  ModelSet models;
  models.models = 5;
  models.layers = 3;
  models.resistivity = {1, 2, 3, 1, 2, nan, 1, nan, nan, nan, nan, nan, 1, nan, 3};
  models.thickness = {5, 5, 5, nan, nan, nan, nan, nan, nan, nan};
  ModelSet deep = models;
  deep.thickness.clear();
  deep.depth = {0, 5, 9, 0, 5, nan, 0, nan, nan, 0, nan, nan, 0, nan, 9};
  ModelSet unlike = models;  // a thickness without a resistivity below it is a fault, not an end
  unlike.thickness[3] = 7.0;
  on_machine(devices_of(2, 30us), [&](Machine&) {
    const cuda::DeviceScope scope(1);
    const auto counted = [](const ModelSet& some) {
      const ModelsOnDevice copied(some);
      const ArrayOnDevice<std::int32_t> counts(static_cast<std::size_t>(some.models));
      count_layers_on_device(copied.arrays(), counts.data());
      return counts.to_host();
    };
    EXPECT_THAT(counted(models), testing::ElementsAre(3, 2, 1, 1, 3));
    EXPECT_THAT(counted(deep), testing::ElementsAre(3, 2, 1, 1, 3));
    EXPECT_THAT(counted(unlike), testing::ElementsAre(3, 3, 1, 1, 3));
  });
}

}  // namespace
}  // namespace stratem::test
