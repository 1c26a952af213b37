#include "io/data/model_arrays.hpp"

#include <algorithm>
#include <cctype>

#include "stratem/error.hpp"

namespace stratem::io {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

/// Whether at most `edits` letters to insert, drop or change lie between two words.
bool within(std::string_view a, std::string_view b, std::size_t edits) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  if (a.empty() || b.empty()) return a.size() + b.size() <= edits;
  if (edits == 0) return false;
  return within(a.substr(1), b, edits - 1) || within(a, b.substr(1), edits - 1) ||
         within(a.substr(1), b.substr(1), edits - 1);
}

bool same_letters(std::string a, std::string b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

template <class T>
void check_size(std::string_view name, const std::vector<T>& values, std::int64_t models,
                std::int64_t columns) {
  const auto needed = static_cast<std::size_t>(models * columns);
  if (values.empty() || values.size() == needed) return;
  throw InputError(std::string(name) + ": " + std::to_string(values.size()) +
                   " numbers, allowed is " + std::to_string(needed));
}

}  // namespace

std::string_view misspelt_name(std::string_view word) {
  const std::string lower = lower_case(word);
  for (const auto name : array_names) {
    if (word == name) return {};
  }
  for (const auto name : array_names) {
    if (lower.empty() || lower.front() != name.front()) continue;
    const std::size_t edits = std::max<std::size_t>(1, lower.size() / 5);
    if (within(lower, name, edits) || same_letters(lower, std::string(name))) return name;
  }
  return {};
}

void check_models(const ModelSet& set, const std::string& origin) {
  try {
    check_shapes(set.view());
    for (const auto& array : layer_arrays) {
      check_size(array.name, set.*array.values, set.models, array.columns(set.layers));
    }
    check_size(layer_count_name, set.layer_count, set.models, 1);
    check_size(height_name, set.height, set.models, 1);
  } catch (const InputError& error) {
    throw InputError(origin + ": " + error.what());
  }
}

}  // namespace stratem::io
