// Compares the cuda backend on a device with the cpu on the same plan, for different batches,
// streams and memory.
#include <cuda_runtime_api.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "plan/plan_support.hpp"
#include "stratem/backends.hpp"
#include "stratem/device_arrays.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"
#include "stratem/kernel_rate.hpp"
#include "support/on_device.hpp"
#include "support/statistics.hpp"
#include "support/systems.hpp"

namespace stratem::test {
namespace {

constexpr double largest_difference = 1e-10;  // of the same plan in double precision

/// A plan that fails its test if it gives up a device: the cpu computes in its place then, and the
/// responses would be compared with themselves.
class SoundPlan : public Plan {
 public:
  SoundPlan(const System& system, const Options& options) : Plan(system, options) {}
  SoundPlan(const SoundPlan&) = delete;
  SoundPlan& operator=(const SoundPlan&) = delete;
  ~SoundPlan() {
    EXPECT_THAT(device_faults().devices, testing::IsEmpty());
    EXPECT_EQ(device_faults().models_on_cpu, 0);
  }
};

class CudaDevice : public testing::Test {
 protected:
  void SetUp() override {
    if (devices().empty()) GTEST_SKIP() << "SKIPPED: no CUDA device";
  }

  static Options with(Options options, Backend backend) {
    options.backend = backend;
    return options;
  }
  /// Uses the plan of central_plan(), which is in the cache.
  static SoundPlan central(Backend backend, std::int64_t batch = 0, int streams = 3) {
    Options options = with(central_plan().options(), backend);
    options.batch = batch;
    options.streams = streams;
    return SoundPlan(central_plan().system(), options);
  }
  static ModelSet models_for(const Options& options, int per_count, std::uint64_t seed) {
    return core::random_models(core::ensemble_range(options), {1, 2, 3, 8, 30}, per_count, seed);
  }
  static void expect_alike(const System& system, const Responses& found, const Responses& expected,
                           double bound) {
    EXPECT_EQ(found.status, expected.status);
    const MeasuredError error = measured_error(system, found, expected);
    EXPECT_LE(error.worst, bound) << "model " << error.model << ", gate " << error.gate;
  }
};

/// Every system of data/systems.
class CudaSystem : public CudaDevice, public testing::WithParamInterface<std::string> {
 protected:
  static void compare(Precision precision, double bound) {
    const auto file = std::filesystem::path(STRATEM_DATA_DIR) / "systems" / (GetParam() + ".json");
    const System system = read_system(file).system;
    Options options = plan_options(1e-3);
    options.precision = precision;
    const double height = system.moments[0].transmitters[0].height;
    if (height > 5.0) options.height = Range{0.7 * height, 2.0 * height};
    const ModelSet models = models_for(options, 40, 11);
    const SoundPlan cpu(system, with(options, Backend::cpu));
    const SoundPlan cuda(system, with(options, Backend::cuda));
    expect_alike(system, cuda.forward(models.view()), cpu.forward(models.view()), bound);
  }
};

INSTANTIATE_TEST_SUITE_P(Data, CudaSystem,
                         testing::Values("ground_40x40", "skytem312", "skytem_lm_hm", "tempest",
                                         "vtem_plus"),
                         [](const auto& name) { return name.param; });

TEST_P(CudaSystem, GivesWhatTheCpuGives) { compare(Precision::float64, largest_difference); }

TEST_P(CudaSystem, GivesWhatTheCpuGivesInSinglePrecision) { compare(Precision::float32, 1e-3); }

TEST_F(CudaDevice, IsNamedByThePlan) {
  EXPECT_THAT(central(Backend::cuda).device(), testing::HasSubstr(devices().front().name));
  EXPECT_EQ(central(Backend::automatic).backend(), Backend::cuda);
}

TEST_F(CudaDevice, GivesTheSameBitsForAnyBatchAndStreams) {
  const ModelSet models = models_for(central_plan().options(), 300, 12);
  const Responses expected = central(Backend::cuda).forward(models.view());
  for (const std::int64_t batch : {1, 31, 33, 1000, 1000000}) {
    for (const int streams : {1, 4}) {
      const SoundPlan plan = central(Backend::cuda, batch, streams);
      EXPECT_EQ(plan.forward(models.view()).response, expected.response) << batch << " " << streams;
    }
  }
}

TEST_F(CudaDevice, GivesBadModelsTheStatusThatTheCpuGives) {
  ModelSet models = models_for(central_plan().options(), 4, 13);
  models.resistivity[0] = -1.0;
  models.layer_count[3] = 0;
  models.layer_count[5] = 31;
  models.thickness[static_cast<std::size_t>(19 * (models.layers - 1))] = 0.0;
  const Responses expected = central(Backend::cpu).forward(models.view());
  EXPECT_EQ(std::ranges::count(expected.status, Status::ok), models.models - 4);
  EXPECT_EQ(central(Backend::cuda).forward(models.view()).status, expected.status);
}

TEST_F(CudaDevice, ComputesModelsInItsMemory) {
  ModelSet models = models_for(central_plan().options(), 300, 21);
  models.resistivity[0] = -1.0;
  models.resistivity[30] = 1e7;
  models.layer_count[3] = 0;
  const Plan plan = central(Backend::cuda);
  const Responses expected = plan.forward(models.view());
  EXPECT_EQ(expected.status[1], Status::out_of_range);
  const ModelsOnDevice copied(models);
  EXPECT_EQ(device_of(copied.arrays().resistivity), 0);
  cudaStream_t other = nullptr;
  ASSERT_EQ(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), cudaSuccess);
  for (cudaStream_t stream : {cudaStream_t{nullptr}, cudaStreamPerThread, other}) {
    const ResponsesOnDevice responses(models.models, plan.gates());
    plan.forward_on_device(copied.arrays(), responses.arrays(), stream);
    const Responses found = responses.to_host();
    EXPECT_EQ(found.status, expected.status);
    for (std::size_t i = 0; i < found.response.size(); ++i) {
      const bool same = found.response[i] == expected.response[i] ||
                        (std::isnan(found.response[i]) && std::isnan(expected.response[i]));
      ASSERT_TRUE(same) << i;
    }
  }
  EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
}

TEST_F(CudaDevice, RefusesArraysThatAreNotInItsMemory) {
  const ModelSet models = models_for(central_plan().options(), 2, 22);
  const Plan plan = central(Backend::cuda);
  const ModelsOnDevice copied(models);
  const ResponsesOnDevice responses(models.models, plan.gates());
  DeviceModels on_host = copied.arrays();
  on_host.thickness = models.thickness.data();
  EXPECT_THROW(plan.forward_on_device(on_host, responses.arrays()), InputError);
  plan.forward_on_device(copied.arrays(), responses.arrays());  // the device is not lost
  EXPECT_EQ(responses.to_host().response, plan.forward(models.view()).response);
}

TEST_F(CudaDevice, AllocatesMemoryForOthers) {
  const auto memory = allocate_on_device(0, 1000);
  EXPECT_EQ(device_of(memory.get() + 999), 0);
  EXPECT_THROW(allocate_on_device(0, std::size_t{1} << 50), DeviceError);
  EXPECT_THROW(device_of(&memory), InputError);
}

TEST_F(CudaDevice, SharesTheModelsWithTheCpu) {
  const ModelSet models = models_for(central_plan().options(), 2000, 14);
  const SoundPlan hybrid = central(Backend::hybrid);
  EXPECT_THAT(hybrid.device(), testing::HasSubstr(" and CPU"));
  expect_alike(hybrid.system(), hybrid.forward(models.view()),
               central(Backend::cuda).forward(models.view()), largest_difference);
}

TEST_F(CudaDevice, ServesTwoPlansAtOnce) {
  const Plan& one = central_plan();
  System other = central_loop(log_times(1e-5, 1e-3, 11));
  other.moments[0].transmitters[0].loop = Circle{30.0};
  const SoundPlan first = central(Backend::cuda, 50);
  Options options = with(one.options(), Backend::cuda);
  options.batch = 50;
  const SoundPlan second(other, options);
  const ModelSet models = models_for(one.options(), 1000, 15);
  const Responses alone[2] = {first.forward(models.view()), second.forward(models.view())};
  Responses together[2];
  std::thread caller([&] { together[0] = first.forward(models.view()); });
  together[1] = second.forward(models.view());
  caller.join();
  EXPECT_EQ(together[0].response, alone[0].response);
  EXPECT_EQ(together[1].response, alone[1].response);
}

const std::vector<double> many_percentiles{0, 0.1, 5, 25, 50, 75, 95, 99.9, 100};

/// The statistics of the plan's own responses, counted on the host.
ResponseStatistics of_kept_responses(const Plan& plan, const ModelSet& models) {
  EnsembleStatistics statistics(plan.gates(), 0);
  statistics.add(plan.forward(models.view()));
  return statistics.result(many_percentiles);
}

void expect_same(const ResponseStatistics& found, const ResponseStatistics& expected) {
  expect_same_statistics(found, expected);
}

TEST_F(CudaDevice, CountsTheResponsesItGivesWhateverTheBatchAndStreams) {
  ModelSet models = models_for(central_plan().options(), 2000, 17);
  for (std::size_t m = 0; m < 100; ++m) models.resistivity[m * 30] = m % 2 == 0 ? -1.0 : 1e7;
  const ResponseStatistics expected = of_kept_responses(central(Backend::cuda), models);
  for (const std::int64_t batch : {0, 100, 4097}) {
    for (const int streams : {1, 4}) {
      const SoundPlan plan = central(Backend::cuda, batch, streams);
      EnsembleStatistics statistics(plan.gates(), 0);
      const StatusCounts counts = plan.accumulate(models.view(), statistics);
      EXPECT_EQ(counts.failed(), expected.failed);
      EXPECT_GT(counts[Status::out_of_range], 0);
      expect_same(statistics.result(many_percentiles), expected);
    }
  }
}

TEST_F(CudaDevice, CountsInSeveralCallsAndWithTheHelpOfTheHost) {
  const ModelSet models = models_for(central_plan().options(), 2000, 18);
  const ResponseStatistics expected = of_kept_responses(central(Backend::cuda), models);
  const SoundPlan cuda = central(Backend::cuda);
  EnsembleStatistics parts(cuda.gates(), 0);
  for (std::int64_t first = 0; first < models.models; first += 3000) {
    const std::int64_t count = std::min<std::int64_t>(3000, models.models - first);
    cuda.accumulate(models.view().slice(first, count), parts);
  }
  expect_same(parts.result(many_percentiles), expected);

  // The cpu's responses differ by rounding, which moves few of them into another bin.
  const SoundPlan hybrid = central(Backend::hybrid);
  EnsembleStatistics shared(hybrid.gates(), 0);
  hybrid.accumulate(models.view(), shared);
  const ResponseStatistics found = shared.result(many_percentiles);
  EXPECT_EQ(found.counted, expected.counted);
  for (std::size_t i = 0; i < found.percentile.size(); ++i) {
    EXPECT_NEAR(found.percentile[i], expected.percentile[i],
                0x1p-12 * std::abs(expected.percentile[i]));
  }
}

TEST_F(CudaDevice, CountsOnTheHostWhatItHasNoCountersFor) {
  System system = central_plan().system();
  system.moments[0].scale = 1e30;  // outside the exponents that are counted on a device
  const SoundPlan plan(system, with(central_plan().options(), Backend::cuda));
  const ModelSet models = models_for(plan.options(), 200, 19);
  EnsembleStatistics statistics(plan.gates(), 0);
  plan.accumulate(models.view(), statistics);
  expect_same(statistics.result(many_percentiles), of_kept_responses(plan, models));
}

/// Allocates a device's memory until little is left.
class Hog {
 public:
  explicit Hog(std::size_t left) {
    std::size_t free = 0;
    std::size_t total = 0;
    for (std::size_t piece = std::size_t{1} << 36; piece >= (std::size_t{1} << 20); piece /= 2) {
      void* data = nullptr;
      while (cudaMemGetInfo(&free, &total) == cudaSuccess && free > left + piece &&
             cudaMalloc(&data, piece) == cudaSuccess) {
        taken_.push_back(data);
      }
      static_cast<void>(cudaGetLastError());
    }
  }
  ~Hog() {
    for (void* data : taken_) static_cast<void>(cudaFree(data));
  }
  Hog(const Hog&) = delete;
  Hog& operator=(const Hog&) = delete;

 private:
  std::vector<void*> taken_;
};

TEST_F(CudaDevice, CutsBatchesSmallerWhenItsMemoryRunsOut) {
  Options options = with(central_plan().options(), Backend::cuda);
  options.batch = 1 << 20;
  options.devices = {0};
  const SoundPlan plan(central_plan().system(), options);
  const ModelSet model = core::random_models(core::ensemble_range(options), {30}, 1, 16);
  const Responses expected = plan.forward(model.view());
  constexpr std::int64_t models = 600000;  // 430 MB
  ModelBatch many = model.view();
  many.models = models;
  many.resistivity = {model.resistivity.data(), models, 30, 0, 1};
  many.thickness = {model.thickness.data(), models, 29, 0, 1};
  if (!model.layer_count.empty()) many.layer_count = {model.layer_count.data(), models, 0};

  const Hog hog(std::size_t{256} << 20);
  const Responses found = plan.forward(many);
  for (std::int64_t m = 0; m < models; ++m) {
    ASSERT_EQ(row(found, m), expected.response) << m;
  }
  EXPECT_EQ(plan.device(), devices().front().name);  // it was not given up
}

TEST_F(CudaDevice, CountsOnTheHostWhereThereIsNoMemoryForCounters) {
  const ModelSet models = models_for(central_plan().options(), 200, 20);
  const SoundPlan plan = central(Backend::cuda);
  const ResponseStatistics expected = of_kept_responses(plan, models);
  const std::string device = plan.device();
  EnsembleStatistics statistics(plan.gates(), 0);
  const Hog hog(std::size_t{256} << 20);  // a quarter of it is less than the counters take
  plan.accumulate(models.view(), statistics);
  expect_same(statistics.result(many_percentiles), expected);
  EXPECT_EQ(plan.device(), device);  // it was not given up
}

TEST_F(CudaDevice, RunsTheKernelAloneNoSlowerThanWithTransfers) {
  const SoundPlan plan = central(Backend::cuda);
  const ModelSet models =
      core::random_models(core::ensemble_range(plan.options()), {3}, 500000, 17);
  Responses responses(models.models, plan.gates());
  double end_to_end = 0.0;  // the best of a few, as pace and clock take some time
  for (int round = 0; round < 3; ++round) {
    const auto start = std::chrono::steady_clock::now();
    plan.forward(models.view(), responses.view());
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    end_to_end = std::max(end_to_end, static_cast<double>(models.models) / taken.count());
  }
  const std::vector<KernelRate> rates = kernel_rates(plan, models.view(), 0.2);
  ASSERT_EQ(rates.size(), devices().size());
  double alone = 0.0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    EXPECT_EQ(rates[i].device, devices()[i].name);
    EXPECT_GT(rates[i].models, 0);
    EXPECT_GT(rates[i].occupancy, 0.0);
    EXPECT_LE(rates[i].occupancy, 1.0);
    if (rates[i].peak_fraction) {
      EXPECT_GT(*rates[i].peak_fraction, 0.0);
      EXPECT_LT(*rates[i].peak_fraction, 1.0);
    }
    alone += rates[i].models_per_second;
  }
  EXPECT_GE(alone, 0.9 * end_to_end);
}

TEST_F(CudaDevice, RunsTheKernelAloneOnTheDevicesNamed) {
  Options options = with(central_plan().options(), Backend::cuda);
  options.devices = {0};
  options.batch = 100;
  const ModelSet models = models_for(options, 30, 18);
  const auto rates = kernel_rates(SoundPlan(central_plan().system(), options), models.view(), 0.0);
  ASSERT_EQ(rates.size(), 1U);
  EXPECT_EQ(rates[0].models, 100);
}

TEST_F(CudaDevice, RefusesADeviceThatIsNotThere) {
  Options options = with(central_plan().options(), Backend::cuda);
  options.devices = {1000};
  try {
    const SoundPlan plan(central_plan().system(), options);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("devices: 1000, allowed here is 0 to "));
  }
}

}  // namespace
}  // namespace stratem::test
