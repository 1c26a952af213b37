// The forward kernel on a device, and its launch.
#include "kernels/forward.hpp"

#include <algorithm>

#include "kernels/device_block.cuh"
#include "kernels/device_plan.cuh"

namespace stratem::kernels {
namespace {

/// Both arguments lie in the constant memory.
template <bool polarizable, bool by_admittance, class T>
__global__ void __launch_bounds__(most_threads, fewest_blocks_per_multiprocessor)
    forward_kernel(const __grid_constant__ ForwardArguments<T> arguments,
                   const __grid_constant__ ConstantBank bank, Complex<T>* scratch) {
  extern __shared__ Complex<double> memory[];
  const DeviceBlock block;
  Complex<T>* constants = nullptr;
  if constexpr (polarizable) {
    constants = own_constants(block, arguments, scratch);
  }
  forward<polarizable, by_admittance>(block, arguments, bank, memory, constants);
}

// What CUDA allows a kernel's arguments.
constexpr std::size_t most_argument_bytes = 32764;
template <class T>
constexpr std::size_t argument_bytes = sizeof(ForwardArguments<T>) + sizeof(ConstantBank) +
                                       sizeof(void*);
static_assert(argument_bytes<double> <= most_argument_bytes);
static_assert(argument_bytes<float> <= most_argument_bytes);

/// Single precision and polarizable layers always go by admittance.
template <class T>
const void* kernel_of(const DeviceWindows<T>& windows, bool polarizable) {
  if (polarizable) return reinterpret_cast<const void*>(&forward_kernel<true, true, T>);
  if constexpr (reads_contrasts<T>) {
    if (!windows.arrays.by_admittance) {
      return reinterpret_cast<const void*>(&forward_kernel<false, false, T>);
    }
  }
  return reinterpret_cast<const void*>(&forward_kernel<false, true, T>);
}

template <class T>
std::size_t shared_bytes_of(const DeviceWindows<T>& windows, std::int64_t layers) {
  return shared_bytes<T>(windows.arrays.most, layers);
}

int multiprocessors() {
  int device = 0;
  int count = 0;
  STRATEM_CUDA_CHECK(cudaGetDevice(&device));
  STRATEM_CUDA_CHECK(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device));
  return count;
}

template <class T>
int blocks_per_multiprocessor(const DeviceWindows<T>& windows, std::int64_t layers,
                              bool polarizable) {
  int blocks = 0;
  STRATEM_CUDA_CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(
      &blocks, kernel_of(windows, polarizable), windows.threads, shared_bytes_of(windows, layers)));
  return blocks;
}

template <class T>
Occupancy occupancy_of(const DeviceWindows<T>& windows, std::int64_t layers, bool polarizable) {
  Occupancy result;
  if (windows.empty()) return result;
  int device = 0;
  int threads = 0;
  cudaFuncAttributes attributes{};
  STRATEM_CUDA_CHECK(cudaGetDevice(&device));
  STRATEM_CUDA_CHECK(
      cudaDeviceGetAttribute(&threads, cudaDevAttrMaxThreadsPerMultiProcessor, device));
  STRATEM_CUDA_CHECK(cudaFuncGetAttributes(&attributes, kernel_of(windows, polarizable)));
  result.threads_per_block = windows.threads;
  result.blocks_per_multiprocessor = blocks_per_multiprocessor(windows, layers, polarizable);
  result.multiprocessors = multiprocessors();
  result.registers_per_thread = attributes.numRegs;
  result.shared_bytes_per_block = shared_bytes_of(windows, layers);
  result.local_bytes_per_thread = attributes.localSizeBytes;
  result.fraction = static_cast<double>(result.blocks_per_multiprocessor * windows.threads) /
                    static_cast<double>(threads);
  return result;
}

template <class T>
void launch_windows(const DeviceWindows<T>& windows, const BatchPointers& batch,
                    const ResponsePointers& responses, const LaunchShape& shape, void* scratch,
                    cudaStream_t stream) {
  if (windows.empty()) return;
  ForwardArguments<T> arguments{batch, responses, windows.arrays};
  const bool polarizable = batch.chargeability != nullptr;
  void* values[] = {&arguments, const_cast<ConstantBank*>(&windows.bank), &scratch};
  STRATEM_CUDA_CHECK(cudaLaunchKernel(kernel_of(windows, polarizable),
                                      dim3(static_cast<unsigned>(shape.blocks)),
                                      dim3(static_cast<unsigned>(windows.threads)), values,
                                      shared_bytes_of(windows, batch.layers), stream));
}

template <class T>
std::size_t scratch_of(const DeviceWindows<T>& windows, std::int64_t layers, std::int64_t blocks) {
  return static_cast<std::size_t>(blocks * layers * windows.arrays.nodes) * sizeof(Complex<T>);
}

}  // namespace

LaunchShape launch_shape(const DevicePlan& plan, std::int64_t models, std::int64_t layers,
                         bool polarizable) {
  const DevicePlan::Contents& contents = plan.contents();
  int per_multiprocessor = 1;
  const auto consider = [&](const auto& windows) {
    if (windows.empty()) return;
    per_multiprocessor =
        std::max(per_multiprocessor, blocks_per_multiprocessor(windows, layers, polarizable));
  };
  consider(contents.in_double);
  consider(contents.in_single);
  consider(contents.again);
  LaunchShape shape;
  const auto at_once = static_cast<std::int64_t>(per_multiprocessor) * multiprocessors();
  shape.blocks = std::max<std::int64_t>(1, std::min(models, at_once));
  if (polarizable) {
    shape.scratch_bytes = std::max({scratch_of(contents.in_double, layers, shape.blocks),
                                    scratch_of(contents.in_single, layers, shape.blocks),
                                    scratch_of(contents.again, layers, shape.blocks)});
  }
  return shape;
}

void launch_forward(const DevicePlan& plan, const BatchPointers& batch,
                    const ResponsePointers& responses, const LaunchShape& shape, void* scratch,
                    Stream stream) {
  if (batch.models == 0) return;
  const auto on = static_cast<cudaStream_t>(stream);
  // The order matters. The second launch adds to the responses of the first, and the third
  // recomputes the models whose sums cancel too far in the second.
  launch_windows(plan.contents().in_double, batch, responses, shape, scratch, on);
  launch_windows(plan.contents().in_single, batch, responses, shape, scratch, on);
  launch_windows(plan.contents().again, batch, responses, shape, scratch, on);
}

Occupancy occupancy(const DevicePlan& plan, std::int64_t layers, bool polarizable,
                    bool single_precision) {
  return single_precision ? occupancy_of(plan.contents().in_single, layers, polarizable)
                          : occupancy_of(plan.contents().in_double, layers, polarizable);
}

}  // namespace stratem::kernels
