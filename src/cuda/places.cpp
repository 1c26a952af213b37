// Devices opened for a plan.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <memory>

#include "core/model_outcome.hpp"
#include "cuda/cuda.hpp"
#include "cuda/device_scope.hpp"
#include "cuda/stream_lane.hpp"
#include "kernels/launch.hpp"
#include "stratem/error.hpp"

namespace stratem::cuda {
namespace {

// Other plans and programs want some, and the driver needs some for itself.
constexpr double usable_part_of_free_memory = 0.5;

/// What one of the lanes may take of the current device's memory, bytes.
std::size_t memory_of_lane(int lanes) {
  std::size_t free = 0;
  std::size_t total = 0;
  kernels::check_cuda(cudaMemGetInfo(&free, &total), "cudaMemGetInfo()");
  return static_cast<std::size_t>(usable_part_of_free_memory * static_cast<double>(free)) /
         static_cast<std::size_t>(lanes);
}

dispatch::Place open_place(const Device& device, const kernels::PackedPlan& packed, int lanes) {
  dispatch::Place place{device.name, {}};
  try {
    const DeviceScope scope(device.ordinal);
    auto loaded = std::make_shared<const LoadedDevice>(
        LoadedDevice{device.ordinal, kernels::DevicePlan(packed)});
    const std::size_t memory = memory_of_lane(lanes);
    for (int i = 0; i < lanes; ++i) {
      place.lanes.push_back(std::make_unique<StreamLane>(loaded, memory));
    }
  } catch (const kernels::CudaError& error) {
    throw DeviceError("device " + std::to_string(device.ordinal) + " (" + device.name +
                      "): " + error.what());
  }
  return place;
}

/// Those that the options name, in their order, or all.
std::vector<Device> chosen(const std::vector<Device>& all, const std::vector<int>& ordinals) {
  if (ordinals.empty()) return all;
  std::vector<Device> named;
  for (const int ordinal : ordinals) {
    const auto found = std::ranges::find(all, ordinal, &Device::ordinal);
    if (found == all.end()) {
      throw InputError("devices: " + std::to_string(ordinal) + ", allowed here is 0 to " +
                       std::to_string(all.size() - 1));
    }
    named.push_back(*found);
  }
  return named;
}

}  // namespace

std::vector<dispatch::Place> open_places(const core::PlanTable& table, const System& system,
                                         const Options& options) {
  if (const std::string reason = reason_against(); !reason.empty()) {
    throw UnavailableError("backend cuda: " + reason);
  }
  const std::vector<Device> named = chosen(devices(), options.devices);
  const kernels::PackedPlan packed = kernels::pack(table, core::SystemHeights(system));
  std::vector<dispatch::Place> places;
  for (const Device& device : named) places.push_back(open_place(device, packed, options.streams));
  return places;
}

}  // namespace stratem::cuda
