// A batch and its responses in the memory of the device or host that runs the kernel.
#pragma once

#include <cstdint>
#include <limits>

#include "core/earth/batch_pointers.hpp"
#include "kernels/block.hpp"
#include "stratem/models.hpp"

namespace stratem::kernels {

using core::BatchPointers;

struct ResponsePointers {
  double* response = nullptr;  ///< [models, gates], row-major
  Status* status = nullptr;    ///< [models]
};

/// Status, between launches, of a model whose sums cancel too far for single precision.
inline constexpr Status for_double_precision = static_cast<Status>(255);

/// Written in place of the responses of a failed model.
inline constexpr double no_response = std::numeric_limits<double>::quiet_NaN();

/// Position of an element of a row-major array. Everything that counts models is 64 bits wide.
STRATEM_DEVICE std::int64_t element(std::int64_t row, std::int64_t columns, std::int64_t column) {
  return row * columns + column;
}

}  // namespace stratem::kernels
