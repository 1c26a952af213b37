#include "cuda/device_scope.hpp"

#include <cuda_runtime_api.h>

#include "kernels/launch.hpp"

namespace stratem::cuda {

int current_device() {
  int ordinal = 0;
  kernels::check_cuda(cudaGetDevice(&ordinal), "cudaGetDevice()");
  return ordinal;
}

void make_current(int ordinal) { kernels::check_cuda(cudaSetDevice(ordinal), "cudaSetDevice()"); }

DeviceScope::DeviceScope(int ordinal) : before_(current_device()) { make_current(ordinal); }

DeviceScope::~DeviceScope() { static_cast<void>(cudaSetDevice(before_)); }

QuietDeviceScope::QuietDeviceScope(int ordinal) noexcept {
  int current = ordinal;
  if (cudaGetDevice(&current) == cudaSuccess && current == ordinal) return;
  if (current != ordinal) before_ = current;
  static_cast<void>(cudaSetDevice(ordinal));
}

QuietDeviceScope::~QuietDeviceScope() {
  if (before_) static_cast<void>(cudaSetDevice(*before_));
}

}  // namespace stratem::cuda
