#include "io/system/gex_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace stratem::io {
namespace {

constexpr double largest_count = 1e6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number a key ends with; 0 if it has none or an invalid one.
std::size_t suffix_of(std::string_view key) {
  const auto digits = key.substr(stem_of(key).size());
  std::size_t number = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return result.ec == std::errc() ? number : 0;
}

std::string section_name(std::string_view line, const FilePosition& place) {
  const auto end = line.find(']');
  if (end == std::string_view::npos) place.fail(base::in_quotes(line) + ", allowed is [section]");
  return std::string(trim(line.substr(1, end - 1)));
}

}  // namespace

std::string_view stem_of(std::string_view key) {
  while (!key.empty() && is_digit(key.back())) key.remove_suffix(1);
  return key;
}

FilePosition GexSection::place_of(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? place_ : FilePosition{place_.origin, found->second.line};
}

void GexSection::add(const std::string& key, Entry entry) {
  const FilePosition place{place_.origin, entry.line};
  const auto [existing, is_new] = entries_.emplace(key, std::move(entry));
  if (!is_new) {
    place.fail("key " + base::in_quotes(key) + " is given twice, first on line " +
               std::to_string(existing->second.line) + ", allowed is once");
  }
}

const GexSection::Entry& GexSection::entry(const std::string& key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    place_.fail("[" + name_ + "]: key " + base::in_quotes(key) + " is missing");
  asked_.insert(key);
  return found->second;
}

std::size_t GexSection::count_numbered(const std::string& stem) const {
  return static_cast<std::size_t>(
      std::count_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
        return entry.first.size() > stem.size() && stem_of(entry.first) == stem;
      }));
}

std::string GexSection::text(const std::string& key) const {
  const auto& found = entry(key);
  if (found.value.empty()) place_of(key).fail(key + ": no value, allowed is a text");
  return found.value;
}

std::optional<std::string> GexSection::optional_text(const std::string& key) const {
  return has(key) ? std::optional(entry(key).value) : std::nullopt;
}

double GexSection::number(const std::string& key) const { return numbers(key, 1)[0]; }

std::optional<double> GexSection::optional_number(const std::string& key) const {
  return has(key) ? std::optional(number(key)) : std::nullopt;
}

std::size_t GexSection::count(const std::string& key) const {
  const double value = number(key);
  if (!(value >= 0 && value <= largest_count && std::trunc(value) == value)) {
    place_of(key).fail(key + ": " + entry(key).value + ", allowed is a whole number, 0 or above");
  }
  return static_cast<std::size_t>(value);
}

std::vector<double> GexSection::numbers(const std::string& key, std::size_t size) const {
  auto result = numbers_of(entry(key).value, key, place_of(key));
  if (result.size() != size) {
    place_of(key).fail(key + ": " + std::to_string(result.size()) + " numbers, allowed is " +
                       std::to_string(size));
  }
  return result;
}

std::vector<std::vector<double>> GexSection::rows(const std::string& stem, std::size_t size) const {
  std::map<std::size_t, std::string> keys;
  for (const auto& [key, value] : entries_) {
    if (key.size() == stem.size() || stem_of(key) != stem) continue;
    const auto [other, is_new] = keys.emplace(suffix_of(key), key);
    if (!is_new) place_of(key).fail(key + ": the same number as " + other->second);
  }
  std::vector<std::vector<double>> result;
  for (const auto& [number, key] : keys) {
    if (number != result.size() + 1) {
      place_of(key).fail(key + ": follows number " + std::to_string(result.size()) +
                         ", allowed is the next number, from 1");
    }
    result.push_back(numbers(key, size));
  }
  return result;
}

std::vector<std::string> GexSection::unused_keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : entries_) {
    if (!asked_.contains(key)) keys.push_back(key);
  }
  return keys;
}

std::vector<GexSection> parse_gex(std::string_view text, const std::string& origin) {
  std::vector<GexSection> sections;
  FilePosition place{origin, 0};
  for (const auto raw : split_lines(text)) {
    ++place.line;
    const auto line = trim(raw.substr(0, raw.find('#')));
    if (line.empty() || line.starts_with('/')) continue;
    if (line.starts_with('[')) {
      const std::string name = section_name(line, place);
      const bool is_repeat =
          std::any_of(sections.begin(), sections.end(),
                      [&](const GexSection& section) { return section.name() == name; });
      if (is_repeat) place.fail("section [" + name + "] is given twice, allowed is once");
      sections.emplace_back(name, place);
      continue;
    }
    const auto equals = line.find('=');
    if (sections.empty()) {
      if (equals != std::string_view::npos)
        place.fail(base::in_quotes(line) + ", allowed is a section such as [General] first");
      continue;
    }
    if (equals == std::string_view::npos)
      place.fail(base::in_quotes(line) + ", allowed is key=value");
    sections.back().add(std::string(trim(line.substr(0, equals))),
                        {std::string(trim(line.substr(equals + 1))), place.line});
  }
  return sections;
}

}  // namespace stratem::io
