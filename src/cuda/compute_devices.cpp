// Devices opened for a plan.
#include <cuda_runtime_api.h>

#include <memory>
#include <utility>

#include "core/earth/model_outcome.hpp"
#include "cuda/cuda.hpp"
#include "cuda/device_counters.hpp"
#include "cuda/loaded_device.hpp"
#include "cuda/named_devices.hpp"
#include "cuda/stream_worker.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {
namespace {

// Other plans and programs need some memory, and the driver needs some for itself.
constexpr double usable_part_of_free_memory = 0.5;

/// Bytes of the current device's memory that one of the workers may use.
std::size_t memory_of_worker(int workers) {
  std::size_t free = 0;
  std::size_t total = 0;
  kernels::check_cuda(cudaMemGetInfo(&free, &total), "cudaMemGetInfo()");
  return static_cast<std::size_t>(usable_part_of_free_memory * static_cast<double>(free)) /
         static_cast<std::size_t>(workers);
}

core::ComputeDevice open_device(const std::shared_ptr<const LoadedDevice>& loaded, int workers) {
  core::ComputeDevice compute_device;
  compute_device.name = loaded->device.name;
  const std::size_t memory = memory_of_worker(workers);
  auto counters = std::make_unique<DeviceCounters>(loaded->device.ordinal, loaded->plan.gates());
  for (int i = 0; i < workers; ++i) {
    compute_device.workers.push_back(std::make_unique<StreamWorker>(loaded, *counters, memory));
  }
  compute_device.counters = std::move(counters);
  return compute_device;
}

}  // namespace

LoadedDevices load_devices(const core::PlanTable& table, const System& system,
                           const ExecutionOptions& options) {
  const std::vector<Device> named = named_devices(options);
  const kernels::PackedPlan packed = kernels::pack(table, core::SystemHeights(system));
  LoadedDevices loaded;
  for (const Device& device : named) {
    loaded.push_back(on_device(device, [&] {
      return std::make_shared<const LoadedDevice>(
          LoadedDevice{device, kernels::DevicePlan(packed)});
    }));
  }
  return loaded;
}

std::vector<core::ComputeDevice> open_devices(const LoadedDevices& devices,
                                              const ExecutionOptions& options) {
  std::vector<core::ComputeDevice> compute_devices;
  for (const auto& loaded : devices) {
    compute_devices.push_back(
        on_device(loaded->device, [&] { return open_device(loaded, options.streams); }));
  }
  return compute_devices;
}

}  // namespace stratem::cuda
