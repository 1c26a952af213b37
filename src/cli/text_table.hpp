// A table in plain text: columns as wide as their widest cell.
#pragma once

#include <string>
#include <vector>

namespace stratem::cli {

/// Rows of equally many cells; the first row is the heading. The first column is set flush left,
/// numbers flush right.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace stratem::cli
