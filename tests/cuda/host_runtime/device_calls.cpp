// Devices, the driver, and errors.
#include <algorithm>
#include <array>
#include <cstring>

#include "cuda/host_runtime/kernels.hpp"
#include "cuda/host_runtime/state.hpp"

namespace stratem::emulated {
namespace {

struct ErrorText {
  cudaError_t code;
  const char* name;
  const char* text;
};

// The errors that tests inject, or that this runtime returns.
constexpr std::array error_texts{
    ErrorText{cudaSuccess, "cudaSuccess", "no error"},
    ErrorText{cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument"},
    ErrorText{cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory"},
    ErrorText{cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration",
              "invalid configuration argument"},
    ErrorText{cudaErrorInvalidMemcpyDirection, "cudaErrorInvalidMemcpyDirection",
              "invalid copy direction for memcpy"},
    ErrorText{cudaErrorInsufficientDriver, "cudaErrorInsufficientDriver",
              "CUDA driver version is insufficient for CUDA runtime version"},
    ErrorText{cudaErrorInvalidDeviceFunction, "cudaErrorInvalidDeviceFunction",
              "invalid device function"},
    ErrorText{cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    ErrorText{cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal"},
    ErrorText{cudaErrorECCUncorrectable, "cudaErrorECCUncorrectable",
              "uncorrectable ECC error encountered"},
    ErrorText{cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle",
              "invalid resource handle"},
    ErrorText{cudaErrorNotReady, "cudaErrorNotReady", "device not ready"},
    ErrorText{cudaErrorIllegalAddress, "cudaErrorIllegalAddress",
              "an illegal memory access was encountered"},
    ErrorText{cudaErrorLaunchOutOfResources, "cudaErrorLaunchOutOfResources",
              "too many resources requested for launch"},
    ErrorText{cudaErrorLaunchTimeout, "cudaErrorLaunchTimeout",
              "the launch timed out and was terminated"},
    ErrorText{cudaErrorLaunchFailure, "cudaErrorLaunchFailure", "unspecified launch failure"},
};

const ErrorText& text_of(cudaError_t code) {
  static constexpr ErrorText unknown{cudaErrorUnknown, "unrecognized error code",
                                     "unrecognized error code"};
  const auto* const found = std::ranges::find(error_texts, code, &ErrorText::code);
  return found == error_texts.end() ? unknown : *found;
}

}  // namespace
}  // namespace stratem::emulated

using namespace stratem::emulated;  // the functions below have the names of the CUDA runtime

const char* cudaGetErrorName(cudaError_t error) { return text_of(error).name; }
const char* cudaGetErrorString(cudaError_t error) { return text_of(error).text; }

/// Clears the thread's last error, unless its device is lost.
cudaError_t cudaGetLastError() {
  HostThread& thread = host_thread();
  State* const all = state();
  Device* const current = all == nullptr ? nullptr : all->device(thread.device);
  if (current != nullptr && current->lost() != 0) return static_cast<cudaError_t>(current->lost());
  const cudaError_t error = thread.last_error;
  thread.last_error = cudaSuccess;
  return error;
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = state() == nullptr ? 0 : state()->setup().driver;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 0;
  const Call call("cudaGetDeviceCount");
  // The devices can be counted even if they are lost.
  if (call.refused() && !call.device_lost()) return call.refusal();
  *count = call.state().device_count();
  return call.result();
}

cudaError_t cudaGetDevice(int* device) {
  const Call call("cudaGetDevice");
  if (call.refused() && !call.device_lost()) return call.refusal();
  *device = call.current().ordinal();
  return call.result();
}

/// Makes a lost device current too, and returns its error.
cudaError_t cudaSetDevice(int device) {
  State* const all = state();
  Device* const wanted = all == nullptr ? nullptr : all->device(device);
  const Call call("cudaSetDevice", wanted);
  const bool fault = call.refused() && !call.device_lost();
  if (fault) return call.refusal();
  if (wanted == nullptr) return call.result(cudaErrorInvalidDevice);
  host_thread().device = device;
  return call.result(static_cast<cudaError_t>(wanted->lost()));
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  const Call call("cudaDeviceGetAttribute");
  if (call.refused()) return call.refusal();
  Device* const of = call.state().device(device);
  if (of == nullptr) return call.result(cudaErrorInvalidDevice);
  switch (attribute) {
    case cudaDevAttrMultiProcessorCount:
      *value = of->setup().multiprocessors;
      break;
    case cudaDevAttrMaxThreadsPerMultiProcessor:
      *value = most_threads_per_multiprocessor;
      break;
    case cudaDevAttrComputeCapabilityMajor:
      *value = 9;
      break;
    case cudaDevAttrComputeCapabilityMinor:
      *value = 0;
      break;
    case cudaDevAttrClockRate:
      *value = 1000000;  // kHz
      break;
    default:
      return call.wrong(cudaErrorInvalidValue, "an attribute that is not emulated");
  }
  return call.result();
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  const Call call("cudaGetDeviceProperties");
  if (call.refused()) return call.refusal();
  const Device* const of = call.state().device(device);
  if (of == nullptr) return call.result(cudaErrorInvalidDevice);
  *properties = {};
  std::strcpy(properties->name, "Emulated GPU");
  properties->totalGlobalMem = of->setup().memory;
  properties->major = 9;
  properties->minor = 0;
  return call.result();
}
