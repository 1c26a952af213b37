// The block that a device runs a thread in; see block.hpp.
#pragma once

#include <cstdint>

namespace stratem::kernels {

class DeviceBlock {
 public:
  template <class Body>
  __device__ __forceinline__ void for_each_thread(Body body) const {
    body(static_cast<int>(threadIdx.x));
    __syncthreads();
  }
  __device__ __forceinline__ int threads() const { return static_cast<int>(blockDim.x); }
  __device__ __forceinline__ std::int64_t index() const { return blockIdx.x; }
  __device__ __forceinline__ std::int64_t count() const { return gridDim.x; }
  __device__ __forceinline__ static void lower(std::int32_t& shared, std::int32_t value) {
    atomicMin(&shared, value);
  }
  __device__ __forceinline__ static void raise(std::int32_t& shared, std::int32_t value) {
    atomicMax(&shared, value);
  }
  __device__ __forceinline__ static std::int32_t ticket(std::int32_t& shared) {
    return atomicAdd(&shared, 1);
  }
  __device__ __forceinline__ static void increment(std::uint32_t& counter) {
    atomicAdd(&counter, 1U);
  }
};

}  // namespace stratem::kernels
