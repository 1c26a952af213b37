// The axes of a grid in model and response files, by which responses are reshaped to the grid.
#pragma once

#include <vector>

#include "io/hdf5/input_file.hpp"
#include "io/hdf5/output_file.hpp"
#include "stratem/grid.hpp"

namespace stratem::io {

/// Writes the group `grid`: a dataset of values for each axis, and in its attribute `axes` their
/// names, slowest first, with blanks between them.
void write_grid_axes(hdf5::OutputFile& file, const std::vector<GridAxis>& axes);

/// The axes in a file, slowest first; none if it has no group `grid`. Throws InputError if the
/// group is damaged.
std::vector<GridAxis> read_grid_axes(const hdf5::InputFile& file);

}  // namespace stratem::io
