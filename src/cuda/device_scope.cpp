#include "cuda/device_scope.hpp"

#include <cuda_runtime_api.h>

#include "kernels/launch.hpp"

namespace stratem::cuda {

DeviceScope::DeviceScope(int ordinal) {
  kernels::check_cuda(cudaGetDevice(&before_), "cudaGetDevice()");
  kernels::check_cuda(cudaSetDevice(ordinal), "cudaSetDevice()");
}

DeviceScope::~DeviceScope() { static_cast<void>(cudaSetDevice(before_)); }

}  // namespace stratem::cuda
