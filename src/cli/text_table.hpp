// A table in plain text: columns as wide as their widest cell.
#pragma once

#include <string>
#include <vector>

namespace stratem::cli {

/// Rows of equally many cells; the first row is the heading. The first column is set flush left,
/// numbers flush right.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

/// The same rows as comma-separated values; cells with a comma or a quotation mark are quoted.
std::string csv_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace stratem::cli
