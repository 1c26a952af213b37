#include "io/csv.hpp"

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace stratem::io {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

}  // namespace

std::optional<std::string_view> CsvLines::next() {
  while (!rest_.empty()) {
    const auto end = rest_.find('\n');
    const auto line = trim(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++number_;
    if (!line.empty() && line.front() != '#') return line;
  }
  return std::nullopt;
}

void split_fields(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    const auto comma = line.find(',');
    fields.push_back(trim(line.substr(0, comma)));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

std::optional<double> csv_number(std::string_view field) {
  // from_chars does not accept a plus sign, but many programs write it.
  if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
  return base::parse_number<double>(field);
}

void append_number(std::string& text, double value) { text += base::to_text(value); }
void append_number(std::string& text, std::int32_t value) { text += std::to_string(value); }

std::string csv_table(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      text += (column == 0 ? "" : ",") + quoted(row[column]);
    }
    text += "\n";
  }
  return text;
}

}  // namespace stratem::io
