// Models outside a plan's range, on the device that has computed them.
#include "kernels/range_check.hpp"

#include "kernels/device_block.cuh"
#include "kernels/grid_launch.cuh"

namespace stratem::kernels {
namespace {

__global__ void __launch_bounds__(threads_per_block)
    range_kernel(BatchPointers batch, ResponsePointers responses, std::int64_t gates,
                 core::DeclaredRange range) {
  check_range(DeviceBlock(), batch, responses, gates, range);
}

}  // namespace

void launch_range_check(const BatchPointers& batch, const ResponsePointers& responses,
                        std::int64_t gates, const core::DeclaredRange& range, Stream stream) {
  if (batch.models == 0) return;
  launch(&range_kernel, blocks_for(batch.models), stream, batch, responses, gates, range);
}

}  // namespace stratem::kernels
