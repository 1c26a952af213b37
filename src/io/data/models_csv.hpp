// Models in CSV: a header of column names such as resistivity_1, then a line for each model.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "stratem/models.hpp"

namespace stratem::io {

/// Reads the text of a CSV file; `origin` is what messages call it. Columns in any order, separated
/// by commas; lines that begin with '#' and empty lines do not count. Throws InputError as
/// "origin:line: column 3 (depth_2): ...".
ModelSet models_from_csv(std::string_view text, const std::string& origin);

/// Reads back as the same models to the last bit. NaN behind the last layer of a model becomes an
/// empty field.
std::string models_to_csv(const ModelSet& models);

}  // namespace stratem::io
