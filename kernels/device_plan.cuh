// A plan in a device's memory, as launches read it.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <vector>

#include "kernels/cuda_check.hpp"
#include "kernels/packed_plan.hpp"

namespace stratem::kernels {

/// Memory of the device that was current when it was made.
class DeviceMemory {
 public:
  explicit DeviceMemory(std::size_t bytes) : bytes_(bytes) {
    if (bytes > 0) STRATEM_CUDA_CHECK(cudaMalloc(&data_, bytes));
  }
  ~DeviceMemory() { static_cast<void>(cudaFree(data_)); }
  DeviceMemory(DeviceMemory&& other) noexcept : data_(other.data_), bytes_(other.bytes_) {
    other.data_ = nullptr;
    other.bytes_ = 0;
  }
  DeviceMemory& operator=(DeviceMemory&&) = delete;

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// The windows of one precision.
template <class T>
struct DeviceWindows {
  PlanArrays<T> arrays{};
  ConstantBank bank{};
  int threads = 0;  ///< of a block; 0 if there are no windows

  bool empty() const { return threads == 0; }
};

struct DevicePlan::Contents {
  int device = 0;
  std::vector<DeviceMemory> memory;
  DeviceWindows<double> in_double;
  DeviceWindows<float> in_single;
  DeviceWindows<double> again;
  std::int32_t gates = 0;

  /// Its device must be current, because calls may fail while a lost device is current.
  ~Contents() {
    int before = device;
    static_cast<void>(cudaGetDevice(&before));
    static_cast<void>(cudaSetDevice(device));
    memory.clear();
    static_cast<void>(cudaSetDevice(before));
  }
};

}  // namespace stratem::kernels
