// The kernel alone: models in a device's memory, computed again and again.
#include <cuda_runtime_api.h>

#include <algorithm>

#include "core/earth/model_outcome.hpp"
#include "cuda/batch_layout.hpp"
#include "cuda/cuda.hpp"
#include "cuda/memory.hpp"
#include "cuda/named_devices.hpp"
#include "cuda/operations.hpp"
#include "cuda/peak_rate.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {
namespace {

/// Models in the current device's memory, and room for their responses.
class ResidentModels {
 public:
  /// Returns when they are there. The plan must outlive this. Throws kernels::CudaError.
  ResidentModels(const kernels::DevicePlan& plan, const ModelBatch& models)
      : plan_(plan),
        in_(models),
        out_(models.models, plan.gates()),
        shape_(kernels::launch_shape(plan, models.models, models.layers, in_.polarizable())) {
    host_.reserve(in_.bytes());
    models_.reserve(in_.bytes());
    responses_.reserve(out_.bytes());
    if (shape_.scratch_bytes > 0) scratch_.reserve(shape_.scratch_bytes);
    in_.pack(models, host_.data());
    stream_.to_device(models_.data(), host_.data(), in_.bytes());
    stream_.wait();
    host_.release();
  }

  /// Computes all of them. Returns the seconds that the device took. Throws kernels::CudaError.
  double compute() {
    watch_.start(stream_.get());
    kernels::launch_forward(plan_, in_.pointers(models_.data()), out_.pointers(responses_.data()),
                            shape_, scratch_.data(), stream_.get());
    return watch_.stop(stream_.get());
  }

 private:
  const kernels::DevicePlan& plan_;
  BatchLayout in_;
  ResponseLayout out_;
  kernels::LaunchShape shape_;
  PinnedBuffer host_;  // until the models are on the device
  DeviceBuffer models_, responses_, scratch_;
  Stopwatch watch_;
  StreamOwner stream_;  // the first to be destroyed
};

/// The part of a batch that a stream would take at a time.
ModelBatch models_of_a_launch(const ModelBatch& models, std::int64_t gates,
                              const ExecutionOptions& options) {
  const std::int64_t usual =
      options.batch > 0 ? options.batch : models_in(usual_bytes, models.layers, gates);
  return models.slice(0, std::min(models.models, usual));
}

double measured_rate(ResidentModels& models, std::int64_t count, double seconds) {
  models.compute();  // the first launch loads the kernel and wakes the device
  std::int64_t computed = 0;
  double taken = 0.0;
  do {
    taken += models.compute();
    computed += count;
  } while (taken < seconds);
  return static_cast<double>(computed) / taken;
}

int attribute(cudaDeviceAttr which, int ordinal) {
  int value = 0;
  kernels::check_cuda(cudaDeviceGetAttribute(&value, which, ordinal), "cudaDeviceGetAttribute()");
  return value;
}

DeviceArithmetic arithmetic_of(int ordinal) {
  constexpr double hertz_per_kilohertz = 1e3;
  return {{attribute(cudaDevAttrComputeCapabilityMajor, ordinal),
           attribute(cudaDevAttrComputeCapabilityMinor, ordinal)},
          attribute(cudaDevAttrMultiProcessorCount, ordinal),
          hertz_per_kilohertz * attribute(cudaDevAttrClockRate, ordinal)};
}

/// Measures the current device.
KernelRate rate_on(const Device& device, const kernels::PackedPlan& packed,
                   const Operations& operations, const ModelBatch& models, double seconds) {
  const kernels::DevicePlan plan(packed);
  ResidentModels resident(plan, models);
  const bool polarizable = !models.chargeability.empty();
  const bool mostly_single = operations.in_single > operations.in_double;
  KernelRate rate;
  rate.device = device.name;
  rate.models = models.models;
  rate.models_per_second = measured_rate(resident, models.models, seconds);
  rate.occupancy = kernels::occupancy(plan, models.layers, polarizable, mostly_single).fraction;
  rate.peak = peak_rate(arithmetic_of(device.ordinal));
  if (rate.peak && !polarizable) {
    rate.peak_fraction = peak_fraction(operations, *rate.peak, rate.models_per_second);
  }
  return rate;
}

}  // namespace

std::vector<KernelRate> kernel_rates(const core::PlanTable& table, const System& system,
                                     const ExecutionOptions& options, const ModelBatch& models,
                                     double seconds) {
  const std::vector<Device> named = named_devices(options);
  const kernels::PackedPlan packed = kernels::pack(table, core::SystemHeights(system));
  const ModelBatch some = models_of_a_launch(models, table.gates, options);
  const Operations operations = operations_per_model(table, some);
  std::vector<KernelRate> rates;
  for (const Device& device : named) {
    rates.push_back(
        on_device(device, [&] { return rate_on(device, packed, operations, some, seconds); }));
  }
  return rates;
}

}  // namespace stratem::cuda
