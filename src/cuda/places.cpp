// Devices opened for a plan.
#include <cuda_runtime_api.h>

#include <memory>
#include <utility>

#include "core/earth/model_outcome.hpp"
#include "cuda/cuda.hpp"
#include "cuda/device_tally.hpp"
#include "cuda/named_devices.hpp"
#include "cuda/stream_lane.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {
namespace {

// Other plans and programs need some memory, and the driver needs some for itself.
constexpr double usable_part_of_free_memory = 0.5;

/// Bytes of the current device's memory that one of the lanes may use.
std::size_t memory_of_lane(int lanes) {
  std::size_t free = 0;
  std::size_t total = 0;
  kernels::check_cuda(cudaMemGetInfo(&free, &total), "cudaMemGetInfo()");
  return static_cast<std::size_t>(usable_part_of_free_memory * static_cast<double>(free)) /
         static_cast<std::size_t>(lanes);
}

core::Place open_place(const Device& device, const kernels::PackedPlan& packed, int lanes) {
  core::Place place;
  place.name = device.name;
  auto loaded = std::make_shared<const LoadedDevice>(
      LoadedDevice{device.ordinal, kernels::DevicePlan(packed)});
  const std::size_t memory = memory_of_lane(lanes);
  auto tally = std::make_unique<DeviceTally>(device.ordinal, loaded->plan.gates());
  for (int i = 0; i < lanes; ++i) {
    place.lanes.push_back(std::make_unique<StreamLane>(loaded, *tally, memory));
  }
  place.tally = std::move(tally);
  return place;
}

}  // namespace

std::vector<core::Place> open_places(const core::PlanTable& table, const System& system,
                                     const Options& options) {
  const std::vector<Device> named = named_devices(options);
  const kernels::PackedPlan packed = kernels::pack(table, core::SystemHeights(system));
  std::vector<core::Place> places;
  for (const Device& device : named) {
    places.push_back(
        on_device(device, [&] { return open_place(device, packed, options.streams); }));
  }
  return places;
}

}  // namespace stratem::cuda
