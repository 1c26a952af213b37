#include "io/data/model_arrays.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

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
  const std::string lower = base::lower_case(word);
  for (const auto name : array_names) {
    if (word == name) return {};
  }
  for (const auto name : array_names) {
    if (lower.empty() || lower.front() != name.front()) continue;
    const std::size_t edits = std::max<std::size_t>(1, lower.size() / 5);
    if (base::edit_distance(lower, name) <= edits || same_letters(lower, std::string(name)))
      return name;
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

ModelSet models_between(const ModelSet& set, std::int64_t first, std::int64_t count) {
  const auto cut = [&](const auto& values, std::int64_t columns) {
    if (values.empty()) return values;
    const auto begin = values.begin() + first * columns;
    return std::remove_cvref_t<decltype(values)>(begin, begin + count * columns);
  };
  ModelSet part;
  part.models = count;
  part.layers = set.layers;
  for (const auto& array : layer_arrays) {
    part.*array.values = cut(set.*array.values, array.columns(set.layers));
  }
  part.layer_count = cut(set.layer_count, 1);
  part.height = cut(set.height, 1);
  return part;
}

}  // namespace stratem::io
