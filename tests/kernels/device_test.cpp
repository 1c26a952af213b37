// Compares the kernels on a device with the same source on the host.
#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cpu/plain_kernel.hpp"
#include "kernels/kernel_support.hpp"
#include "kernels/launch.hpp"
#include "support/on_device.hpp"

namespace stratem {
namespace {

using test::ArrayOnDevice;
using test::check;

kernels::PackedPlan packed(const core::PlanTable& table) {
  return kernels::pack(table, core::SystemHeights(test::system_at_40_m()));
}

/// The kernel on the device; blocks 0: as many as it chooses.
Responses run_device(const core::PlanTable& table, const ModelSet& models,
                     std::int64_t blocks = 0) {
  const kernels::DevicePlan plan(packed(table));
  const test::ModelsOnDevice batch(models);
  const bool polarizable = !models.chargeability.empty();
  auto shape = kernels::launch_shape(plan, models.models, models.layers, polarizable);
  if (blocks > 0) {
    shape.scratch_bytes = shape.scratch_bytes / static_cast<std::size_t>(shape.blocks) *
                          static_cast<std::size_t>(blocks);
    shape.blocks = blocks;
  }
  const ArrayOnDevice<char> scratch(shape.scratch_bytes);
  const test::ResponsesOnDevice responses(models.models, table.gates);
  kernels::launch_forward(plan, batch.arrays(), responses.arrays(), shape, scratch.data(), nullptr);
  check(cudaDeviceSynchronize());
  return responses.to_host();
}

class KernelDevice : public testing::Test {
 protected:
  void SetUp() override {
    int count = 0;
    if (cudaGetDeviceCount(&count) != cudaSuccess || count == 0) {
      GTEST_SKIP() << "SKIPPED: no CUDA device";
    }
  }

  static void expect_as_host(const core::PlanTable& table, const ModelSet& models) {
    const auto difference = [&](const core::PlanTable& plan) {
      return test::worst_difference(plan, models, run_device(plan, models),
                                    test::run_kernel(plan, models.view()));
    };
    EXPECT_LT(difference(table), 1e-12);
    EXPECT_LT(difference(test::in_single_precision(table)), 1e-5);
    EXPECT_LT(difference(test::in_both_precisions(table)), 1e-5);
  }

  test::Random random_{31};
};

TEST_F(KernelDevice, GivesWhatTheHostGives) {
  const auto table = test::random_table(random_);
  for (const std::int64_t layers : {1, 3, 30, 200}) {
    expect_as_host(table, test::random_models(random_, 33, {.layers = layers}));
  }
}

TEST_F(KernelDevice, GivesWhatTheHostGivesOfPolarizableLayersAndHeights) {
  const auto table = test::random_table(random_, 150.0);
  expect_as_host(table, test::random_models(random_, 33, {.layers = 6, .polarizable = true}));
  const ModelSet models = test::random_models(random_, 33, {.layers = 6, .heights = true});
  const Responses device = run_device(table, models);
  const Responses host = test::run_kernel(table, models.view());
  ModelSet low = models;  // for the sizes of terms, which only become smaller with height
  low.height.clear();
  EXPECT_LT(test::worst_difference(table, low, device, host), 1e-12);
}

TEST_F(KernelDevice, GivesWhatTheHostGivesOfPlansLargerThanConstantAndSharedMemory) {
  const ModelSet models = test::random_models(random_, 3, {.layers = 3});
  expect_as_host(test::plain_table(3, 3000, 1, 4), models);
  expect_as_host(test::plain_table(2000, 4, 1, 300), models);
}

TEST_F(KernelDevice, GivesWhatTheHostGivesOfBadModels) {
  const auto table = test::random_table(random_);
  ModelSet models =
      test::random_models(random_, 6, {.layers = 3, .varying_layers = false, .heights = true});
  models.resistivity[3] = -1.0;
  models.thickness[2 * 2] = 0.0;
  models.height[3] = -0.5;
  EXPECT_EQ(run_device(table, models).status, test::run_kernel(table, models.view()).status);
}

TEST_F(KernelDevice, AnyNumberOfBlocksGivesTheSameBits) {
  const auto table = test::in_both_precisions(test::random_table(random_, 150.0));
  const auto models = test::random_models(random_, 100, {.layers = 6, .polarizable = true});
  const Responses expected = run_device(table, models);
  for (const std::int64_t blocks : {1, 7, 100, 300}) {
    EXPECT_EQ(run_device(table, models, blocks).response, expected.response) << blocks;
  }
}

TEST_F(KernelDevice, AnySizeOfBatch) {
  const auto table = test::plain_table(2, 3, 1, 2);
  for (const std::int64_t size : {1, 2, 31, 33, 100003}) {
    const auto models = test::random_models(random_, size, {.layers = 2});
    EXPECT_LT(test::worst_difference(table, models, run_device(table, models),
                                     test::run_kernel(table, models.view())),
              1e-12)
        << size;
  }
}

TEST_F(KernelDevice, FlagsTheModelsOutsideTheRangeThatTheHostFlags) {
  ModelSet models =
      test::random_models(random_, 5000, {.layers = 4, .polarizable = true, .heights = true});
  for (auto& m : models.chargeability) m = test::uniform(random_, 0.0, 0.95);
  for (auto& c : models.exponent) c = test::uniform(random_, 0.05, 1.0);
  Options options;
  options.resistivity = {1.0, 5000.0};
  options.height = Range{20.0, 45.0};
  options.polarizable = true;
  const core::DeclaredRange range(options, test::system_at_40_m());
  Responses expected(models.models, 3);
  for (std::size_t m = 0; m < expected.status.size(); m += 7) {
    expected.status[m] = m % 2 == 0 ? Status::failed : Status::bad_thickness;
  }
  const test::ModelsOnDevice batch(models);
  const ArrayOnDevice<double> response(expected.response);
  const ArrayOnDevice<Status> status(expected.status);
  kernels::launch_range_check(batch.arrays(), {response.data(), status.data()}, 3, range, nullptr);
  check(cudaDeviceSynchronize());
  kernels::check_range_on_host(models.view(), expected, range, {.threads = 1});
  EXPECT_EQ(status.to_host(), expected.status);
  EXPECT_GT(std::ranges::count(expected.status, Status::out_of_range), 100);
  const std::vector<double> found = response.to_host();
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(std::isnan(found[i]), std::isnan(expected.response[i])) << i;
  }
}

TEST_F(KernelDevice, CountsTheLayersThatTheHostCounts) {
  ModelSet models = test::random_models(random_, 5000, {.layers = 6, .varying_layers = false});
  std::vector<std::int32_t> expected;
  for (std::size_t m = 0; m < 5000; ++m) {
    const std::size_t layers = 1 + m % 6;
    expected.push_back(static_cast<std::int32_t>(layers));
    for (std::size_t i = layers; i < 6; ++i) {
      models.resistivity[6 * m + i] = NAN;
      models.thickness[5 * m + i - 1] = NAN;
    }
  }
  const test::ModelsOnDevice batch(models);
  const ArrayOnDevice<std::int32_t> counts(expected.size());
  kernels::launch_layer_count(batch.arrays(), counts.data(), nullptr);
  check(cudaDeviceSynchronize());
  EXPECT_EQ(counts.to_host(), expected);
}

/// Responses over many decades and of both signs; every seventh model failed, some are zero.
Responses many_responses(test::Random& random, std::int64_t models, std::int64_t gates) {
  Responses responses(models, gates);
  for (auto& value : responses.response) {
    const double sign = test::uniform(random, 0.0, 1.0) < 0.3 ? -1.0 : 1.0;
    value = sign * std::pow(10.0, test::uniform(random, -16.0, -3.0));
  }
  for (std::size_t i = 0; i < responses.response.size(); i += 11) responses.response[i] = 0.0;
  for (std::size_t m = 0; m < responses.status.size(); m += 7) {
    responses.status[m] = Status::bad_depth;
    std::fill_n(responses.response.begin() + static_cast<std::ptrdiff_t>(m) * gates, gates, NAN);
  }
  return responses;
}

TEST_F(KernelDevice, CountsAreThoseOfTheHost) {
  constexpr std::int64_t models = 100003;
  constexpr std::int64_t gates = 5;
  const std::size_t counters = kernels::count_bytes(gates) / sizeof(std::uint32_t);
  Responses responses = many_responses(random_, models, gates);
  std::vector<kernels::GateSummary> host_summary(gates);
  std::vector<std::uint32_t> host_count(counters);
  std::vector<std::uint8_t> host_used(kernels::used_bytes(gates));
  const kernels::ResponsePointers on_host{responses.response.data(), responses.status.data()};
  kernels::summarize_on_host(on_host, models, gates, host_summary.data(), 256);
  kernels::count_on_host(on_host, models, gates, {host_count.data(), host_used.data()},
                         {.threads = 256, .blocks = 2});

  const ArrayOnDevice<double> response(responses.response);
  const ArrayOnDevice<Status> status(responses.status);
  const ArrayOnDevice<kernels::GateSummary> summary(gates);
  const ArrayOnDevice<std::uint32_t> count(std::vector<std::uint32_t>(counters, 0));
  const ArrayOnDevice<std::uint8_t> used(std::vector<std::uint8_t>(host_used.size(), 0));
  const kernels::ResponsePointers pointers{response.data(), status.data()};
  kernels::launch_summaries(pointers, models, gates, summary.data(), nullptr);
  kernels::launch_counts(pointers, models, gates, {count.data(), used.data()}, nullptr);
  check(cudaDeviceSynchronize());
  EXPECT_EQ(count.to_host(), host_count);
  EXPECT_EQ(used.to_host(), host_used);
  const auto found = summary.to_host();
  for (std::size_t gate = 0; gate < gates; ++gate) {
    core::ValueSummary values;
    core::ValueSummary expected;
    values.add(found[gate].values);
    expected.add(host_summary[gate].values);
    EXPECT_EQ(found[gate].outside, 0);
    EXPECT_EQ(values.moments.count(), expected.moments.count());
    EXPECT_EQ(values.zeros, expected.zeros);
    EXPECT_EQ(values.smallest, expected.smallest);
    EXPECT_EQ(values.largest, expected.largest);
    EXPECT_EQ(core::mean(values.moments), core::mean(expected.moments));
    EXPECT_EQ(core::standard_deviation(values.moments), core::standard_deviation(expected.moments));
  }
}

TEST_F(KernelDevice, TellsWhichResponsesHaveNoCounter) {
  Responses responses = many_responses(random_, 1000, 2);
  responses.response[2 * 500 + 1] = 1e30;
  responses.response[2 * 501 + 1] = -1e-60;
  const ArrayOnDevice<double> response(responses.response);
  const ArrayOnDevice<Status> status(responses.status);
  const ArrayOnDevice<kernels::GateSummary> summary(2);
  kernels::launch_summaries({response.data(), status.data()}, 1000, 2, summary.data(), nullptr);
  check(cudaDeviceSynchronize());
  EXPECT_EQ(summary.to_host()[0].outside, 0);
  EXPECT_EQ(summary.to_host()[1].outside, 2);
}

TEST_F(KernelDevice, SaysHowWellItIsFilled) {
  const kernels::DevicePlan plan(packed(test::plain_table(50, 26, 1, 31)));
  const auto occupancy = kernels::occupancy(plan, 3, false, false);
  EXPECT_GE(occupancy.blocks_per_multiprocessor, kernels::fewest_blocks_per_multiprocessor);
  EXPECT_GT(occupancy.fraction, 0.2);
  EXPECT_EQ(kernels::occupancy(plan, 3, false, true).threads_per_block, 0);
  EXPECT_GT(plan.bytes(), 0U);
}

TEST(KernelErrors, SayWhatToDoAboutThem) {
  const auto fault = [](cudaError_t code) {
    try {
      kernels::check_cuda(static_cast<int>(code), "cudaMalloc(&data, bytes)");
    } catch (const kernels::CudaError& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, 21), "cudaMalloc: cudaError");
      EXPECT_EQ(error.code(), ErrorCode::device);
      return error.fault();
    }
    ADD_FAILURE() << "nothing thrown";
    return kernels::CudaFault::other;
  };
  EXPECT_EQ(fault(cudaErrorMemoryAllocation), kernels::CudaFault::out_of_memory);
  EXPECT_EQ(fault(cudaErrorIllegalAddress), kernels::CudaFault::device_lost);
  EXPECT_EQ(fault(cudaErrorInsufficientDriver), kernels::CudaFault::other);
  EXPECT_NO_THROW(kernels::check_cuda(static_cast<int>(cudaSuccess), "call"));
}

}  // namespace
}  // namespace stratem
