// A batch and its responses in the memory of the device or host that runs the kernel.
#pragma once

#include <cstdint>
#include <limits>

#include "kernels/block.hpp"
#include "stratem/device_arrays.hpp"
#include "stratem/models.hpp"

namespace stratem::kernels {

// The host runs the kernel, too, on arrays in its own memory.
using BatchPointers = DeviceModels;
using ResponsePointers = DeviceResponses;

/// Status, between launches, of a model whose sums cancel too far for single precision.
inline constexpr Status for_double_precision = static_cast<Status>(255);

/// Written in place of the responses of a failed model.
inline constexpr double no_response = std::numeric_limits<double>::quiet_NaN();

/// Position of an element of a row-major array. Everything that counts models is 64 bits wide.
STRATEM_DEVICE std::int64_t element(std::int64_t row, std::int64_t columns, std::int64_t column) {
  return row * columns + column;
}

}  // namespace stratem::kernels
