// Shapes and rows of datasets, and why a call of the library failed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/hdf5/handle.hpp"

namespace stratem::io::hdf5 {

using Shape = std::vector<std::int64_t>;

/// The innermost reason of the call that has just failed, as one line.
std::string last_reason();

/// A shape as the library takes it.
std::vector<hsize_t> dimensions(const Shape& shape);
/// How many numbers a row has.
std::int64_t row_size(const Shape& shape);
/// The shape of an open dataset; empty for a single number, or if the library cannot say.
Shape shape_of(hid_t dataset);

/// The same rows of a dataset and of an array in memory.
struct Rows {
  Rows(hid_t dataset, std::int64_t first, std::int64_t count);

  Handle file;
  Handle memory;
};

}  // namespace stratem::io::hdf5
