#include "cli/lists.hpp"

#include <algorithm>
#include <cstddef>

#include "cli/numbers.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {

std::vector<std::string> split_list(const std::string& option, std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    if (words.back().empty()) {
      throw InputError("--" + option + ": '" + std::string(text) +
                       "', allowed is values with commas between them");
    }
    begin = end + 1;
  }
  return words;
}

std::vector<std::int64_t> parse_wholes(const std::string& option, std::string_view text,
                                       std::int64_t min, std::int64_t max) {
  std::vector<std::int64_t> numbers;
  for (const auto& word : split_list(option, text)) {
    numbers.push_back(parse_whole(option, word, min, max));
  }
  return numbers;
}

}  // namespace stratem::cli
