// Counts the responses of a batch on the device: a summary of each gate, and counts of its bins.
#include <cub/block/block_reduce.cuh>

#include "kernels/device_block.cuh"
#include "kernels/grid_launch.cuh"
#include "kernels/response_counts.hpp"

namespace stratem::kernels {
namespace {

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

}  // namespace

void launch_summaries(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                      GateSummary* to, Stream stream) {
  if (gates == 0) return;
  launch(&summary_kernel, gates, stream, responses, models, gates, to);
}

void launch_counts(const ResponsePointers& responses, std::int64_t models, std::int64_t gates,
                   const CountTable& table, Stream stream) {
  if (models * gates == 0) return;
  launch(&count_kernel, blocks_for(models * gates), stream, responses, models, gates, table);
}

}  // namespace stratem::kernels
