// What programs do with arrays in a device's memory, beside computing responses.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cuda/array_place.hpp"
#include "cuda/cuda.hpp"
#include "cuda/memory.hpp"
#include "cuda/named_devices.hpp"
#include "kernels/launch.hpp"
#include "stratem/error.hpp"

namespace stratem::cuda {
namespace {

/// The device with an ordinal. Throws UnavailableError if the backend cannot run here, InputError
/// if the device does not exist.
Device named_device(int ordinal) {
  ExecutionOptions options;
  options.devices = {ordinal};
  return named_devices(options).front();
}

void expect_usable() {
  if (const std::string reason = reason_against(); !reason.empty()) {
    throw UnavailableError("backend cuda: " + reason);
  }
}

}  // namespace

int device_of(const void* address) {
  expect_usable();
  const std::optional<int> device = memory_owner(address);
  if (!device) throw InputError("address: in the host's memory, allowed is that of a device");
  return *device;
}

std::shared_ptr<std::byte> allocate_on_device(int device, std::size_t bytes) {
  return on_device(named_device(device), [bytes] {
    auto memory = std::make_shared<DeviceBuffer>();
    std::byte* const data = memory->reserve(bytes);
    return std::shared_ptr<std::byte>(std::move(memory), data);
  });
}

void count_layers(const DeviceModels& models, std::int32_t* layer_count, void* stream) {
  expect_usable();
  const int device = device_of_models(models);
  expect_on_device(device, "layers", layer_count);
  on_device(named_device(device), [&] {
    EventOwner done;
    try {
      kernels::launch_layer_count(models, layer_count, stream);
      done.wait_for(stream);
    } catch (const kernels::CudaError&) {
      drain(stream);  // it may still be using the caller's arrays
      throw;
    }
  });
}

}  // namespace stratem::cuda
