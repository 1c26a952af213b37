#include "io/models/csv_columns.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "io/csv.hpp"
#include "stratem/error.hpp"

namespace stratem::io {

using core::layer_arrays;
using core::model_array_names;

namespace {

bool is_layered(std::string_view name) {
  return std::ranges::any_of(layer_arrays, [&](const auto& array) { return array.name == name; });
}

}  // namespace

CsvHeader::CsvHeader(std::string_view line, std::string place) : place_(std::move(place)) {
  std::vector<std::string_view> names;
  split_fields(line, names);
  for (const auto name : names) {
    columns_.push_back(column(name, columns_.size() + 1));
    const CsvColumn& added = columns_.back();
    for (std::size_t i = 0; i + 1 < columns_.size(); ++i) {
      if (columns_[i].name != added.name) continue;
      throw InputError(place_ + added.name + " is given twice, allowed is once");
    }
    width_[added.array] = std::max(width_[added.array], added.index + 1);
  }
  check_widths();
}

CsvColumn CsvHeader::column(std::string_view name, std::size_t number) const {
  CsvColumn column{std::string(name)};
  for (std::size_t i = 0; i < model_array_names.size(); ++i) {
    column.array = i;
    if (!column.is_layered()) {
      if (name == model_array_names[i]) return column;
      continue;
    }
    const auto prefix = std::string(model_array_names[i]) + "_";
    if (!name.starts_with(prefix)) continue;
    const char* digits = name.data() + prefix.size();
    const char* end = name.data() + name.size();
    const auto result = std::from_chars(digits, end, column.index);
    const bool plain = result.ec == std::errc() && result.ptr == end && *digits != '0';
    if (plain && column.index >= 1 && column.index-- <= max_layers) return column;
    throw InputError(place_ + "column " + std::to_string(number) + " (" + base::printable(name) +
                     "): unknown, allowed is " + prefix + "1 to " + prefix +
                     std::to_string(max_layers));
  }
  const auto stem = name.substr(0, name.find_last_not_of("0123456789_") + 1);
  const auto nearest = base::nearest_word(stem, model_array_names);
  std::string meant(nearest);
  if (is_layered(nearest)) {
    const auto suffix = name.substr(stem.size());
    meant += suffix.size() > 1 && suffix.front() == '_' ? std::string(suffix) : "_1";
  }
  throw InputError(place_ + "column " + std::to_string(number) + " (" + base::printable(name) +
                   "): unknown" + (meant.empty() ? "" : ", did you mean " + meant + "?"));
}

void CsvHeader::check_widths() const {
  if (layers() == 0) throw InputError(place_ + "resistivity_1 is missing");
  for (std::size_t array = 0; array < layer_arrays.size(); ++array) {
    if (!has(array)) continue;
    const auto needed = layer_arrays[array].columns(layers());
    const auto name = std::string(layer_arrays[array].name) + "_";
    if (width_[array] > needed) {
      throw InputError(place_ + name + std::to_string(width_[array]) + ": one too many, with " +
                       std::to_string(layers()) + " columns of resistivity allowed is up to " +
                       name + std::to_string(needed));
    }
    for (std::int64_t i = 0; i < needed; ++i) {
      const auto wanted = name + std::to_string(i + 1);
      if (std::none_of(columns_.begin(), columns_.end(),
                       [&](const CsvColumn& column) { return column.name == wanted; })) {
        throw InputError(place_ + wanted + " is missing");
      }
    }
  }
}

}  // namespace stratem::io
