#include "io/system/text_lines.hpp"

#include <algorithm>
#include <cmath>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";
constexpr std::string_view separators = " \t\r\f\v,";

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (auto first = text.find_first_not_of(separators); first != std::string_view::npos;
       first = text.find_first_not_of(separators)) {
    text.remove_prefix(first);
    const auto length = std::min(text.find_first_of(separators), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return words;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto length = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, length);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return lines;
}

void FilePosition::fail(const std::string& message) const {
  throw InputError(origin + (line == 0 ? "" : ":" + std::to_string(line)) + ": " + message);
}

double number_of(std::string_view word, std::string_view key, const FilePosition& place) {
  auto digits = word;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const auto number = base::parse_number<double>(digits);
  if (!number || !std::isfinite(*number)) {
    place.fail(std::string(key) + ": " + base::in_quotes(word) + ", allowed is a number");
  }
  return *number;
}

std::vector<double> numbers_of(std::string_view text, std::string_view key,
                               const FilePosition& place) {
  std::vector<double> numbers;
  for (const auto word : split_words(text)) numbers.push_back(number_of(word, key, place));
  return numbers;
}

}  // namespace stratem::io
