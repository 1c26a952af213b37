#include "cuda/named_devices.hpp"

#include <algorithm>
#include <string>

#include "cuda/cuda.hpp"
#include "stratem/error.hpp"

namespace stratem::cuda {

std::vector<Device> named_devices(const ExecutionOptions& options) {
  if (const std::string reason = reason_against(); !reason.empty()) {
    throw UnavailableError("backend cuda: " + reason);
  }
  std::vector<Device> all = visible_devices();
  if (options.devices.empty()) return all;
  std::vector<Device> named;
  for (const int ordinal : options.devices) {
    const auto found = std::ranges::find(all, ordinal, &Device::ordinal);
    if (found == all.end()) {
      throw InputError("devices: " + std::to_string(ordinal) + ", allowed here is 0 to " +
                       std::to_string(all.size() - 1));
    }
    named.push_back(*found);
  }
  return named;
}

void throw_of_device(const Device& device, const kernels::CudaError& error) {
  throw DeviceError("device " + std::to_string(device.ordinal) + " (" + device.name +
                    "): " + error.what());
}

}  // namespace stratem::cuda
