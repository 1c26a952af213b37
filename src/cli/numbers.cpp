#include "cli/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {
namespace {

[[noreturn]] void fail(const std::string& option, std::string_view text,
                       const std::string& allowed) {
  throw InputError("--" + option + ": '" + std::string(text) + "', allowed is " + allowed);
}

std::string format(double value, std::chars_format form, int digits) {
  std::array<char, 64> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form, digits);
  return {buffer.data(), result.ptr};
}

std::vector<std::string_view> between_commas(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace

double parse_number(const std::string& option, std::string_view text) {
  const auto number = base::parse_number<double>(text);
  if (!number || !std::isfinite(*number)) fail(option, text, "a number");
  return *number;
}

std::vector<double> parse_numbers(const std::string& option, std::string_view text) {
  std::vector<double> numbers;
  for (const std::string_view word : between_commas(text)) {
    const auto number = base::parse_number<double>(word);
    if (!number) fail(option, text, "numbers with commas between them");
    numbers.push_back(*number);
  }
  return numbers;
}

std::int64_t parse_whole(const std::string& option, std::string_view text, std::int64_t min,
                         std::int64_t max) {
  const auto number = base::parse_number<std::int64_t>(text);
  if (!number || *number < min || *number > max) {
    fail(option, text, "a whole number, " + std::to_string(min) + " to " + std::to_string(max));
  }
  return *number;
}

std::vector<std::int64_t> parse_wholes(const std::string& option, std::string_view text,
                                       std::int64_t min, std::int64_t max) {
  std::vector<std::int64_t> numbers;
  for (const auto& word : split_list(option, text)) {
    numbers.push_back(parse_whole(option, word, min, max));
  }
  return numbers;
}

std::uint64_t parse_seed(const std::string& option, std::string_view text) {
  const auto number = base::parse_number<std::uint64_t>(text);
  if (!number) {
    fail(option, text,
         "a whole number, 0 to " + std::to_string(std::numeric_limits<std::uint64_t>::max()));
  }
  return *number;
}

std::vector<std::string> split_list(const std::string& option, std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : between_commas(text)) {
    if (word.empty()) fail(option, text, "values with commas between them");
    words.emplace_back(word);
  }
  return words;
}

std::string rounded(double value) {
  constexpr int significant = 3;
  const double size = std::abs(value);
  if (!(size >= 0.01)) return format(value, std::chars_format::general, significant);
  const int integer_digits = static_cast<int>(std::floor(std::log10(size))) + 1;
  return format(value, std::chars_format::fixed, std::max(0, significant - integer_digits));
}

std::string exact(double value) {
  const double size = std::abs(value);
  if (!(size >= 1e-3 && size < 1e9)) return base::to_text(value);
  std::array<char, 64> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return {buffer.data(), result.ptr};
}

std::string scientific(double value, int digits) {
  return format(value, std::chars_format::scientific, digits);
}

std::string counted(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace stratem::cli
