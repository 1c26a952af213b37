#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "core/earth/model_arrays.hpp"
#include "io/csv.hpp"
#include "io/models/csv_columns.hpp"
#include "io/models/models_csv.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t layer_count_index = static_cast<std::size_t>(
    std::ranges::find(core::model_array_names, core::layer_count_array.name) -
    core::model_array_names.begin());

/// Reads rows into a set, and finds their numbers of layers.
class Rows {
 public:
  Rows(const CsvHeader& header, std::string origin) : header_(header), origin_(std::move(origin)) {
    set_.layers = header.layers();
    std::array<std::size_t, core::model_array_count> start{};
    for (std::size_t array = 0; array < start.size(); ++array) {
      start[array] = row_.size();
      row_.resize(row_.size() + static_cast<std::size_t>(header.width(array)));
    }
    for (const auto& column : header.columns()) {
      place_.push_back(start[column.array] + static_cast<std::size_t>(column.index));
    }
  }

  void add(std::string_view line, std::size_t number) {
    line_ = number;
    split_fields(line, fields_);
    check_field_count();
    for (std::size_t i = 0; i < fields_.size(); ++i) row_[place_[i]] = number_of(i);
    check_empty_fields(layers_of_row());
    store();
  }

  ModelSet finish() && {
    if (!header_.has(layer_count_index) && !any_shorter_) set_.layer_count.clear();
    return std::move(set_);
  }

 private:
  const CsvColumn& column(std::size_t field) const { return header_.columns()[field]; }

  [[noreturn]] void fail(std::size_t field, const std::string& problem) const {
    throw InputError(origin_ + ":" + std::to_string(line_) + ": column " +
                     std::to_string(field + 1) + " (" + column(field).name + "): " + problem);
  }

  void check_field_count() const {
    const std::size_t columns = header_.columns().size();
    if (fields_.size() < columns) {
      fail(fields_.size(), "missing: the line has " + std::to_string(fields_.size()) +
                               " fields, the header " + std::to_string(columns));
    }
    if (fields_.size() > columns) {
      throw InputError(origin_ + ":" + std::to_string(line_) + ": column " +
                       std::to_string(columns + 1) + ": one too many: the line has " +
                       std::to_string(fields_.size()) + " fields, the header " +
                       std::to_string(columns));
    }
  }

  /// NaN for an empty field; whether it may be empty is checked later.
  double number_of(std::size_t field) const {
    if (fields_[field].empty()) return nan;
    const auto number = csv_number(fields_[field]);
    if (!number) fail(field, base::in_quotes(fields_[field]) + " is not a number");
    return *number;
  }

  /// The number of layers: from the layers column, or from the fields that are not empty.
  std::int64_t layers_of_row() {
    std::int64_t layers = header_.layers();
    if (!header_.has(layer_count_index)) {
      std::int64_t filled = 0;
      for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (column(i).is_layered() && !fields_[i].empty()) {
          filled = std::max(filled, column(i).layers_below() + 1);
        }
      }
      layers = std::max<std::int64_t>(filled, 1);
      any_shorter_ = any_shorter_ || layers < header_.layers();
      layer_count_ = static_cast<std::int32_t>(layers);
      return layers;
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (column(i).array == layer_count_index) layer_count_ = whole_number(i);
    }
    // A count that is not allowed makes only that model fail, and it does not allow empty fields.
    return layer_count_ < 1 ? layers : std::min<std::int64_t>(layers, layer_count_);
  }

  std::int32_t whole_number(std::size_t field) const {
    constexpr double smallest = std::numeric_limits<std::int32_t>::min();
    constexpr double largest = std::numeric_limits<std::int32_t>::max();
    const double value = row_[place_[field]];
    if (fields_[field].empty()) fail(field, "empty, allowed is a whole number");
    if (std::trunc(value) != value) {
      fail(field, base::in_quotes(fields_[field]) + ", allowed is a whole number");
    }
    return static_cast<std::int32_t>(std::clamp(value, smallest, largest));
  }

  void check_empty_fields(std::int64_t layers) const {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (!fields_[i].empty()) continue;
      if (column(i).is_layered() && column(i).layers_below() >= layers) continue;
      fail(i,
           "empty, allowed is a number (only layers below a model's last may be left empty, "
           "with all their columns)");
    }
  }

  void store() {
    auto value = row_.begin();
    std::size_t number = 0;
    core::for_each_model_array([&](const auto& array) {
      const auto end = value + header_.width(number++);
      auto& values = set_.*array.values;
      if constexpr (std::is_same_v<decltype(array.absent), double>) {
        values.insert(values.end(), value, end);
      }
      value = end;
    });
    set_.layer_count.push_back(layer_count_);
    ++set_.models;
  }

  const CsvHeader& header_;
  std::string origin_;
  std::vector<std::size_t> place_;  // position of each field in row_
  std::vector<double> row_;         // one model, in the order of model_array_names
  std::vector<std::string_view> fields_;
  std::size_t line_ = 0;
  std::int32_t layer_count_ = 0;
  bool any_shorter_ = false;
  ModelSet set_;
};

}  // namespace

ModelSet models_from_csv(std::string_view text, const std::string& origin) {
  CsvLines lines(text);
  const auto first = lines.next();
  if (!first) throw InputError(origin + ": no header, allowed is a line such as resistivity_1");
  const CsvHeader header(*first, origin + ":" + std::to_string(lines.number()) + ": ");
  Rows rows(header, origin);
  while (const auto line = lines.next()) rows.add(*line, lines.number());
  return std::move(rows).finish();
}

}  // namespace stratem::io
