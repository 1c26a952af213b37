// Lines, fields and numbers of CSV text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stratem::io {

/// Iterates over the lines that are neither empty nor comments that begin with '#'.
class CsvLines {
 public:
  explicit CsvLines(std::string_view text) : rest_(text) {}

  /// The next line without its end; nothing after the last.
  std::optional<std::string_view> next();
  /// Number in the file, from 1, of the line that next() returned last.
  std::size_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

/// The fields between the commas of a line, without the spaces around them. Reuses `fields`.
void split_fields(std::string_view line, std::vector<std::string_view>& fields);

/// A number in the notation of C or Python, whatever the locale; "nan" and "inf" are numbers.
/// Nothing if the field is not a number, or is too large or too small for a double.
std::optional<double> csv_number(std::string_view field);

/// Appends the shortest text that reads back as the same double. A whole number has all its digits.
void append_number(std::string& text, double value);
void append_number(std::string& text, std::int32_t value);

/// Rows of cells as text; cells with a comma or a quotation mark are quoted.
std::string csv_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace stratem::io
