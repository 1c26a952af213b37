// Models in CSV: a header of column names such as resistivity_1, then a line for each model.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "stratem/grid.hpp"
#include "stratem/models.hpp"

namespace stratem::io {

/// Reads the text of a CSV file; `origin` is its name in messages. Columns may be in any order,
/// separated by commas. Lines that begin with '#' and empty lines are ignored. Throws InputError as
/// "origin:line: column 3 (depth_2): ...".
ModelSet models_from_csv(std::string_view text, const std::string& origin);

/// The line of column names for sets with the arrays and layers of `models`.
std::string model_csv_header(const ModelSet& models);

/// Appends a line for each model. Reading them gives the same models to the last bit. NaN after the
/// last layer of a model becomes an empty field.
void append_model_rows(std::string& text, const ModelSet& models);

/// A comment line for each axis: "# axis,resistivity_1,1,10,100".
std::string grid_axes_to_csv(const std::vector<GridAxis>& axes);

}  // namespace stratem::io
