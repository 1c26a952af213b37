#include "kernels/cuda_check.hpp"

#include <cuda_runtime_api.h>

#include <string>
#include <string_view>

namespace stratem::kernels {
namespace {

CudaFault fault_of(cudaError_t code) {
  switch (code) {
    case cudaErrorMemoryAllocation:
      return CudaFault::out_of_memory;
    // The context is lost with everything in it; each later call returns the same error.
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorLaunchFailure:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorHardwareStackError:
    case cudaErrorAssert:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorContained:
    case cudaErrorExternalDevice:
    case cudaErrorDevicesUnavailable:
    case cudaErrorContextIsDestroyed:
    case cudaErrorCudartUnloading:
    case cudaErrorUnknown:
      return CudaFault::device_lost;
    default:
      return CudaFault::other;
  }
}

}  // namespace

void check_cuda(int code, const char* call) {
  const auto error = static_cast<cudaError_t>(code);
  if (error == cudaSuccess) return;
  // Clear an error that is not sticky, so that the next call does not report it again.
  static_cast<void>(cudaGetLastError());
  const std::string name(call, std::string_view(call).find('('));
  throw CudaError(fault_of(error),
                  name + ": " + cudaGetErrorName(error) + ", " + cudaGetErrorString(error));
}

}  // namespace stratem::kernels
