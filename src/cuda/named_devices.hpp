// The devices that a plan is to run on, and calls with one of them current.
#pragma once

#include <utility>
#include <vector>

#include "cuda/device_scope.hpp"
#include "kernels/launch.hpp"
#include "stratem/backends.hpp"
#include "stratem/options.hpp"

namespace stratem::cuda {

/// All devices, at least one. Throws kernels::CudaError if they cannot be queried.
std::vector<Device> visible_devices();

/// The devices that the options name, in their order, or all. Throws UnavailableError if the
/// backend cannot run here, InputError if a device does not exist.
std::vector<Device> named_devices(const ExecutionOptions& options);

/// Throws the same failure as an error that names the device.
[[noreturn]] void throw_of_device(const Device& device, const kernels::CudaError& error);

/// Calls `job` with the device current in this thread and returns what it returns. Throws
/// DeviceError naming the device if it fails.
template <class Job>
auto on_device(const Device& device, Job&& job) {
  try {
    const DeviceScope scope(device.ordinal);
    return std::forward<Job>(job)();
  } catch (const kernels::CudaError& error) {
    throw_of_device(device, error);
  }
}

}  // namespace stratem::cuda
