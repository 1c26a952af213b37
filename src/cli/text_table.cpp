#include "cli/text_table.hpp"

#include <algorithm>

namespace stratem::cli {
namespace {

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  return widths;
}

}  // namespace

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  const auto widths = column_widths(rows);
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      const std::string padding(widths[column] - row[column].size(), ' ');
      text += column == 0 ? row[column] + padding : "  " + padding + row[column];
    }
    text += "\n";
  }
  return text;
}

}  // namespace stratem::cli
