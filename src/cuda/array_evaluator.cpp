#include "cuda/array_evaluator.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "cuda/array_place.hpp"
#include "cuda/loaded_device.hpp"
#include "cuda/named_devices.hpp"
#include "stratem/error.hpp"

namespace stratem::cuda {

std::unique_ptr<ArrayEvaluator::Tools> ArrayEvaluator::Place::take() {
  {
    const std::lock_guard lock(mutex);
    if (!idle.empty()) {
      auto tools = std::move(idle.back());
      idle.pop_back();
      return tools;
    }
  }
  return std::make_unique<Tools>();
}

void ArrayEvaluator::Place::give_back(std::unique_ptr<Tools> tools) {
  const std::lock_guard lock(mutex);
  idle.push_back(std::move(tools));
}

ArrayEvaluator::ArrayEvaluator(const LoadedDevices& devices, const core::DeclaredRange& range)
    : range_(range) {
  for (const auto& loaded : devices) places_.emplace_back(loaded);
}

void ArrayEvaluator::forward(const DeviceModels& models, const DeviceResponses& responses,
                             void* stream) const {
  Place& place = place_of(models, responses);
  on_device(place.loaded->device, [&] { compute(place, models, responses, stream); });
}

ArrayEvaluator::Place& ArrayEvaluator::place_of(const DeviceModels& models,
                                                const DeviceResponses& responses) const {
  const int device = device_of_models(models);
  expect_on_device(device, "response", responses.response);
  expect_on_device(device, "status", responses.status);
  const auto found = std::ranges::find(
      places_, device, [](const Place& place) { return place.loaded->device.ordinal; });
  if (found != places_.end()) return *found;
  std::string allowed;
  for (const Place& place : places_) {
    allowed += (allowed.empty() ? "" : ", ") + std::to_string(place.loaded->device.ordinal);
  }
  throw InputError("resistivity: in the memory of device " + std::to_string(device) +
                   ", allowed are the plan's devices, " + allowed);
}

void ArrayEvaluator::compute(Place& place, const DeviceModels& models,
                             const DeviceResponses& responses, kernels::Stream stream) const {
  const kernels::DevicePlan& plan = place.loaded->plan;
  const kernels::LaunchShape shape =
      kernels::launch_shape(plan, models.models, models.layers, models.chargeability != nullptr);
  std::unique_ptr<Tools> tools = place.take();
  std::byte* const scratch =
      shape.scratch_bytes > 0 ? tools->scratch.reserve(shape.scratch_bytes) : nullptr;
  try {
    kernels::launch_forward(plan, models, responses, shape, scratch, stream);
    kernels::launch_range_check(models, responses, plan.gates(), range_, stream);
    tools->done.wait_for(stream);
  } catch (const kernels::CudaError&) {
    drain(stream);  // it may still be using the scratch memory and the caller's arrays
    throw;          // the tools are not used again
  }
  place.give_back(std::move(tools));
}

std::unique_ptr<core::DeviceEvaluator> make_array_evaluator(const LoadedDevices& devices,
                                                            const core::DeclaredRange& range) {
  return std::make_unique<ArrayEvaluator>(devices, range);
}

}  // namespace stratem::cuda
