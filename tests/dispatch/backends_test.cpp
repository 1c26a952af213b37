// Which backends can run here, and the reasons given for those that cannot.
#include "stratem/backends.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "cuda/cuda.hpp"
#include "stratem/device_arrays.hpp"
#include "stratem/error.hpp"
#include "stratem/plan.hpp"
#include "support/message_of.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

using test::message_of;
using testing::AnyOf;
using testing::IsEmpty;
using testing::StartsWith;

BackendStatus status_of(Backend backend) {
  const auto all = backends();
  return *std::ranges::find(all, backend, &BackendStatus::backend);
}

System small_system() { return test::central_loop(test::log_times(1e-5, 1e-3, 2)); }

TEST(Backends, AreInTheOrderOfPreferenceWithHybridLast) {
  std::vector<Backend> found;
  for (const auto& status : backends()) found.push_back(status.backend);
  EXPECT_EQ(found, (std::vector{Backend::cuda, Backend::cpu, Backend::reference, Backend::hybrid}));
}

TEST(Backends, SayWhyCudaCannotRun) {
  const BackendStatus cuda = status_of(Backend::cuda);
  if (cuda.usable) {
    EXPECT_THAT(cuda.reason, IsEmpty());
    EXPECT_FALSE(devices().empty());
  } else {
    EXPECT_THAT(cuda.reason,
                AnyOf(StartsWith("not built: "), StartsWith("no driver"), StartsWith("no device")));
    EXPECT_TRUE(devices().empty());
  }
  EXPECT_EQ(status_of(Backend::hybrid).reason, cuda.reason);
}

TEST(Backends, ThatCannotRunAreRefusedWithTheReason) {
  const BackendStatus cuda = status_of(Backend::cuda);
  if (cuda.usable) GTEST_SKIP() << "cuda can run here";
  for (const Backend backend : {Backend::cuda, Backend::hybrid}) {
    Options options;
    options.backend = backend;
    try {
      const Plan plan(small_system(), options);
      FAIL() << to_string(backend);
    } catch (const UnavailableError& error) {
      EXPECT_EQ(error.what(), "backend " + std::string(to_string(backend)) + ": " + cuda.reason);
    }
  }
}

TEST(Backends, OpensNoDevicesWhereCudaCannotRun) {
  if (status_of(Backend::cuda).usable) GTEST_SKIP() << "cuda can run here";
  EXPECT_THROW(cuda::load_devices({}, small_system(), {}), UnavailableError);
  EXPECT_THROW(cuda::kernel_rates({}, small_system(), {}, {}, 0.0), UnavailableError);
}

TEST(Backends, ComputeNothingInADevicesMemoryWhereCudaCannotRun) {
  const BackendStatus cuda = status_of(Backend::cuda);
  if (cuda.usable) GTEST_SKIP() << "cuda can run here";
  Options options;
  options.backend = Backend::reference;
  const Plan plan(small_system(), options);
  EXPECT_EQ(message_of<UnavailableError>([&] { plan.forward_on_device({}, {}); }),
            "backend reference: models in a device's memory, allowed is backend cuda, which cannot "
            "run here (" +
                cuda.reason + ")");
  double number = 0.0;
  std::int32_t count = 0;
  const std::string message = "backend cuda: " + cuda.reason;
  EXPECT_EQ(message_of<UnavailableError>([&] { device_of(&number); }), message);
  EXPECT_EQ(message_of<UnavailableError>([&] { allocate_on_device(0, 8); }), message);
  EXPECT_EQ(message_of<UnavailableError>([&] {
              count_layers_on_device({.models = 1, .layers = 1, .resistivity = &number}, &count);
            }),
            message);
}

TEST(KernelRates, AreOfDevicesAlone) {
  Options options;
  options.backend = Backend::reference;
  const Plan plan(small_system(), options);
  ModelSet model;
  model.models = 1;
  model.layers = 1;
  model.resistivity = {100.0};
  EXPECT_THAT(kernel_rates(plan, model.view(), 0.0), IsEmpty());
  model.models = 0;
  EXPECT_THROW(kernel_rates(plan, model.view(), 0.0), InputError);
}

TEST(DevicesOption, IsAListOfOrdinals) {
  Options options;
  EXPECT_TRUE(options.devices.empty());
  set_option(options, "devices", "1,0");
  EXPECT_EQ(options.devices, (std::vector{1, 0}));
  check(options);
  set_option(options, "devices", "all");
  EXPECT_TRUE(options.devices.empty());
}

TEST(DevicesOption, RejectsOrdinalsThatRepeatOrCannotBe) {
  for (const std::vector<int>& devices : {std::vector{0, 0}, {-1}, {1024}, {1, 2, 1}}) {
    Options options;
    options.devices = devices;
    EXPECT_THROW(check(options), InputError);
  }
}

}  // namespace
}  // namespace stratem
