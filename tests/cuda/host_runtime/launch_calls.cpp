// Kernels: the code that nvcc makes from the .cu files registers and launches them.
#include <algorithm>
#include <bit>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cuda/host_runtime/kernels.hpp"
#include "cuda/host_runtime/state.hpp"

namespace stratem::emulated {
namespace {

/// The kernels by the host functions that represent them. Filled before main().
std::map<const void*, const Kernel*>& registered() {
  static std::map<const void*, const Kernel*> all;
  return all;
}

const Kernel* kernel_of(const void* function) {
  const auto found = registered().find(function);
  return found == registered().end() ? nullptr : found->second;
}

/// The configuration given by <<<>>>, passed to the function that launches.
struct Configuration {
  dim3 grid, block;
  std::size_t shared_bytes;
  cudaStream_t stream;
};
thread_local std::vector<Configuration> configurations;

/// The fault of a launch, one line; empty if CUDA allows it.
std::string fault_of(const Kernel& kernel, dim3 grid, dim3 block, std::size_t shared_bytes) {
  if (grid.y != 1 || grid.z != 1 || block.y != 1 || block.z != 1) return "more than one dimension";
  if (grid.x == 0 || grid.x > 0x7fffffffU) return std::to_string(grid.x) + " blocks";
  if (block.x == 0 || block.x > static_cast<unsigned>(kernel.most_threads)) {
    return std::to_string(block.x) + " threads, the bound is " +
           std::to_string(kernel.most_threads);
  }
  if (shared_bytes > most_shared_bytes) return std::to_string(shared_bytes) + " shared bytes";
  return "";
}

cudaError_t launch(const char* function, const void* host_function, dim3 grid, dim3 block,
                   void** arguments, std::size_t shared_bytes, cudaStream_t stream) {
  State* const all = state();
  const auto named = all == nullptr ? nullptr : all->stream(stream);
  const Call call(function, named ? &named->device() : nullptr, Call::Kind::queues_work);
  if (call.refused()) return call.refusal();
  const auto on = stream == nullptr ? all->default_stream(call.current()) : named;
  if (!on || &on->device() != &call.current()) {
    return call.wrong(cudaErrorInvalidResourceHandle,
                      "a stream that is not one of the current device");
  }
  const Kernel* const kernel = kernel_of(host_function);
  if (kernel == nullptr) return call.wrong(cudaErrorInvalidDeviceFunction, "unknown kernel");
  const std::string name = kernel->name;
  const std::string fault = fault_of(*kernel, grid, block, shared_bytes);
  if (!fault.empty()) return call.wrong(cudaErrorInvalidConfiguration, name + ": " + fault);

  const Launch work =
      kernel->prepare(arguments, {std::int64_t{grid.x}, static_cast<int>(block.x), shared_bytes});
  if (!work.fault.empty()) return call.wrong(cudaErrorInvalidValue, name + ": " + work.fault);
  std::vector<AllocationPointer> uses;
  for (const Use& use : work.uses) {
    auto memory = all->holding(use.data, use.bytes);
    if (!memory || memory->device != call.current().ordinal()) {
      call.current().lose(cudaErrorIllegalAddress);
      all->complain(name + ": " + use.what + " are not within memory of the device");
      return call.result();  // a device notices the error only when it reads or writes there
    }
    uses.push_back(std::move(memory));
  }
  queue_work(call, on, name, std::move(uses), [on = on.get(), work] {
    std::unique_lock<std::mutex> lock;
    if (work.counts_in_shared_memory) lock = std::unique_lock(on->device().atomic_units);
    work.run(on->random()());
  });
  return call.result();
}

}  // namespace
}  // namespace stratem::emulated

using namespace stratem::emulated;  // the functions below have the names of the CUDA runtime

cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments,
                             std::size_t shared_bytes, cudaStream_t stream) {
  return launch("cudaLaunchKernel", function, grid, block, arguments, shared_bytes, stream);
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* function) {
  const Call call("cudaFuncGetAttributes");
  if (call.refused()) return call.refusal();
  const Kernel* const kernel = kernel_of(function);
  if (kernel == nullptr) return call.wrong(cudaErrorInvalidDeviceFunction, "unknown kernel");
  *attributes = {};
  attributes->maxThreadsPerBlock = kernel->most_threads;
  attributes->numRegs = kernel->registers;
  return call.result();
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* function,
                                                          int threads, std::size_t shared_bytes) {
  const Call call("cudaOccupancyMaxActiveBlocksPerMultiprocessor");
  if (call.refused()) return call.refusal();
  const Kernel* const kernel = kernel_of(function);
  if (kernel == nullptr) return call.wrong(cudaErrorInvalidDeviceFunction, "unknown kernel");
  if (threads < 1) return call.wrong(cudaErrorInvalidValue, "no threads");
  *blocks = 0;
  if (threads <= kernel->most_threads && shared_bytes <= most_shared_bytes) {
    *blocks = std::min({most_blocks_per_multiprocessor, most_threads_per_multiprocessor / threads,
                        registers_per_multiprocessor / (kernel->registers * threads),
                        static_cast<int>(shared_bytes_per_multiprocessor /
                                         (shared_bytes + shared_bytes_kept_per_block))});
  }
  return call.result();
}

// Functions called by the code that nvcc makes. Only that code declares them.
extern "C" {

void** __cudaRegisterFatBinary(void* binary) {
  return new void*(binary);  // one for each .cu file, until the program ends
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void** handle) { delete handle; }
char __cudaInitModule(void**) { return 1; }

void __cudaRegisterFunction(void**, const char* host_function, char*, const char* name, int, uint3*,
                            uint3*, dim3*, dim3*, int*) {
  // Other kernels, such as CUB's own, are unknown when they are launched.
  if (const Kernel* const kernel = find_kernel(name)) registered()[host_function] = kernel;
}

void __cudaRegisterVar(void**, char*, char*, const char*, int, std::size_t, int, int) {
  // Variables of the CUDA and CUB headers, which no kernel here uses.
}

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, std::size_t shared_bytes,
                                     cudaStream_t stream) {
  configurations.push_back({grid, block, shared_bytes, stream});
  return 0;
}

cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, std::size_t* shared_bytes,
                                       void* stream) {
  const Configuration asked = configurations.back();
  configurations.pop_back();
  *grid = asked.grid;
  *block = asked.block;
  *shared_bytes = asked.shared_bytes;
  *static_cast<cudaStream_t*>(stream) = asked.stream;
  return cudaSuccess;
}

// From CUDA 13.0 on, <<<>>> launches with these functions.
cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* host_function) {
  *kernel = std::bit_cast<cudaKernel_t>(host_function);
  return cudaSuccess;
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments,
                               std::size_t shared_bytes, cudaStream_t stream) {
  return launch("cudaLaunchKernel", reinterpret_cast<const void*>(kernel), grid, block, arguments,
                shared_bytes, stream);
}

}  // extern "C"
