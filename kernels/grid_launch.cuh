// Launches of kernels that loop over elements, with any number of blocks.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/cuda_check.hpp"

namespace stratem::kernels {

/// Threads of a block of these kernels.
inline constexpr int threads_per_block = 256;

/// The blocks that go through a number of elements: enough for every device.
inline std::int64_t blocks_for(std::int64_t elements) {
  constexpr std::int64_t most_blocks = 4096;
  return std::min((elements + threads_per_block - 1) / threads_per_block, most_blocks);
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

}  // namespace stratem::kernels
