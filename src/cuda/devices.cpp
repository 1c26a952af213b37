// What CUDA reports about this machine.
#include <cuda_runtime_api.h>

#include "cuda/cuda.hpp"
#include "cuda/named_devices.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {
namespace {

/// 13000 is "13.0".
std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// The newest version of CUDA that the driver knows; 0 without a driver.
int driver_version() {
  int version = 0;
  return cudaDriverGetVersion(&version) == cudaSuccess ? version : 0;
}

Device describe_device(int ordinal) {
  cudaDeviceProp properties{};
  kernels::check_cuda(cudaGetDeviceProperties(&properties, ordinal), "cudaGetDeviceProperties()");
  Device device;
  device.ordinal = ordinal;
  device.name = properties.name;
  device.memory = static_cast<std::int64_t>(properties.totalGlobalMem);
  device.compute_capability =
      std::to_string(properties.major) + "." + std::to_string(properties.minor);
  device.driver = version_text(driver_version());
  return device;
}

}  // namespace

std::string reason_against() {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  if (code == cudaSuccess && count > 0) return "";
  static_cast<void>(cudaGetLastError());
  const int driver = driver_version();
  if (driver == 0) return "no driver: this machine has none for NVIDIA devices";
  if (code == cudaErrorInsufficientDriver) {
    return "no driver for CUDA " + version_text(CUDART_VERSION) + ": this machine's knows up to " +
           version_text(driver);
  }
  return std::string("no device: ") +
         cudaGetErrorString(code == cudaSuccess ? cudaErrorNoDevice : code);
}

std::vector<Device> devices() {
  if (!reason_against().empty()) return {};
  return visible_devices();
}

std::vector<Device> visible_devices() {
  std::vector<Device> all;
  int count = 0;
  kernels::check_cuda(cudaGetDeviceCount(&count), "cudaGetDeviceCount()");
  all.reserve(static_cast<std::size_t>(count));
  for (int ordinal = 0; ordinal < count; ++ordinal) all.push_back(describe_device(ordinal));
  return all;
}

}  // namespace stratem::cuda
