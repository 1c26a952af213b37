// Counts the responses of a batch on the device: a summary of each gate, and counts of its bins.
#include <algorithm>
#include <cub/block/block_reduce.cuh>

#include "kernels/cuda_check.hpp"
#include "kernels/device_block.cuh"
#include "kernels/response_counts.hpp"

namespace stratem::kernels {
namespace {

constexpr int threads_per_block = 256;
/// Blocks of the counting kernel, which loops over all responses: enough for every device.
constexpr std::int64_t most_blocks = 4096;

struct Joined {
  __device__ GateSummary operator()(const GateSummary& a, const GateSummary& b) const {
    GateSummary sum = a;
    sum.add(b);
    return sum;
  }
};

/// One block for each gate. Neighbours read the same lines of the responses at about the same time.
__global__ void __launch_bounds__(threads_per_block)
    summary_kernel(ResponsePointers responses, std::int64_t models, std::int64_t gates,
                   GateSummary* to) {
  using Reduction = cub::BlockReduce<GateSummary, threads_per_block>;
  __shared__ typename Reduction::TempStorage memory;
  const GateSummary own =
      summarize(responses, models, gates, blockIdx.x, threadIdx.x, threads_per_block);
  const GateSummary all = Reduction(memory).Reduce(own, Joined{});
  if (threadIdx.x == 0) to[blockIdx.x] = all;
}

__global__ void __launch_bounds__(threads_per_block)
    count_kernel(ResponsePointers responses, std::int64_t models, std::int64_t gates,
                 CountTable table) {
  count(DeviceBlock(), responses, models, gates, table);
}

/// Launches without <<<>>>, whose error could not be told from the errors of earlier calls.
template <class... Arguments>
void launch(void (*kernel)(Arguments...), std::int64_t blocks, Stream stream,
            Arguments... arguments) {
  void* values[] = {&arguments...};
  STRATEM_CUDA_CHECK(cudaLaunchKernel(reinterpret_cast<const void*>(kernel),
                                      dim3(static_cast<unsigned>(blocks)), dim3(threads_per_block),
                                      values, 0, static_cast<cudaStream_t>(stream)));
}

}  // namespace

void launch_summaries(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                      GateSummary* to, Stream stream) {
  if (gates == 0) return;
  launch(&summary_kernel, gates, stream, responses, models, gates, to);
}

void launch_counts(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                   const CountTable& table, Stream stream) {
  const std::int64_t blocks = (models * gates + threads_per_block - 1) / threads_per_block;
  if (blocks == 0) return;
  launch(&count_kernel, std::min(blocks, most_blocks), stream, responses, models, gates, table);
}

}  // namespace stratem::kernels
