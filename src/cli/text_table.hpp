// A table in plain text: columns as wide as their widest cell.
#pragma once

#include <string>
#include <vector>

namespace stratem::cli {

/// Rows of equally many cells; the first row is the heading. The first column is left-aligned,
/// numbers are right-aligned.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace stratem::cli
