#include "io/models/model_arrays.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/earth/model_arrays.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

bool same_letters(std::string a, std::string b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

template <class Array>
void check_size(const Array& array, const ModelSet& set) {
  const auto& values = set.*array.values;
  const auto needed = static_cast<std::size_t>(set.models * array.columns(set.layers));
  if (values.empty() || values.size() == needed) return;
  throw InputError(std::string(array.name) + ": " + std::to_string(values.size()) +
                   " numbers, allowed is " + std::to_string(needed));
}

}  // namespace

std::string_view misspelt_name(std::string_view word) {
  const std::string lower = base::lower_case(word);
  for (const auto name : core::model_array_names) {
    if (word == name) return {};
  }
  for (const auto name : core::model_array_names) {
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
    core::for_each_model_array([&](const auto& array) { check_size(array, set); });
  } catch (const InputError& error) {
    throw InputError(origin + ": " + error.what());
  }
}

ModelSet models_between(const ModelSet& set, std::int64_t first, std::int64_t count) {
  ModelSet part;
  part.models = count;
  part.layers = set.layers;
  core::for_each_model_array([&](const auto& array) {
    const auto& values = set.*array.values;
    if (values.empty()) return;
    const std::int64_t columns = array.columns(set.layers);
    const auto begin = values.begin() + first * columns;
    (part.*array.values).assign(begin, begin + count * columns);
  });
  return part;
}

}  // namespace stratem::io
