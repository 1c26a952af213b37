// Layer counts of models in a device's memory.
#include "kernels/layer_count.hpp"

#include "kernels/device_block.cuh"
#include "kernels/grid_launch.cuh"

namespace stratem::kernels {
namespace {

__global__ void __launch_bounds__(threads_per_block)
    layer_count_kernel(BatchPointers batch, std::int32_t* layer_count) {
  count_layers(DeviceBlock(), batch, layer_count);
}

}  // namespace

void launch_layer_count(const BatchPointers& batch, std::int32_t* layer_count, Stream stream) {
  if (batch.models == 0) return;
  launch(&layer_count_kernel, blocks_for(batch.models), stream, batch, layer_count);
}

}  // namespace stratem::kernels
