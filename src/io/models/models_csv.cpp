#include "io/models/models_csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/text.hpp"
#include "core/earth/model_arrays.hpp"
#include "io/csv.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

using core::layer_arrays;
using core::model_array_names;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The content of a column of the file.
struct Column {
  std::string name;
  std::size_t array = 0;   ///< index in model_array_names, the layers' arrays first
  std::int64_t index = 0;  ///< which number of a layers' array, from 0
};
constexpr std::size_t layer_count_index = static_cast<std::size_t>(
    std::ranges::find(model_array_names, core::layer_count_array.name) - model_array_names.begin());

bool is_layered(const Column& column) { return column.array < layer_arrays.size(); }

bool is_layered(std::string_view name) {
  return std::ranges::any_of(layer_arrays, [&](const auto& array) { return array.name == name; });
}

/// 1 for numbers of interfaces: the last layer has none.
std::int64_t missing_layers(const core::LayerArray& array) {
  return array.extent == core::Extent::interfaces ? 1 : 0;
}

/// A model needs the column if it has more layers than this.
std::int64_t layers_below(const Column& column) {
  return column.index + missing_layers(layer_arrays[column.array]);
}

class Header {
 public:
  Header(std::string_view line, std::string place);

  const std::vector<Column>& columns() const { return columns_; }
  std::int64_t layers() const { return width_[0]; }
  bool has(std::size_t array) const { return width_[array] > 0; }
  /// How many numbers an array has in a row.
  std::int64_t width(std::size_t array) const { return width_[array]; }

 private:
  Column column(std::string_view name, std::size_t number) const;
  void check_widths() const;

  std::string place_;
  std::vector<Column> columns_;
  std::array<std::int64_t, core::model_array_count> width_{};
};

Header::Header(std::string_view line, std::string place) : place_(std::move(place)) {
  std::vector<std::string_view> names;
  split_fields(line, names);
  for (const auto name : names) {
    columns_.push_back(column(name, columns_.size() + 1));
    const Column& added = columns_.back();
    for (std::size_t i = 0; i + 1 < columns_.size(); ++i) {
      if (columns_[i].name != added.name) continue;
      throw InputError(place_ + added.name + " is given twice, allowed is once");
    }
    width_[added.array] = std::max(width_[added.array], added.index + 1);
  }
  check_widths();
}

Column Header::column(std::string_view name, std::size_t number) const {
  Column column{std::string(name)};
  for (std::size_t i = 0; i < model_array_names.size(); ++i) {
    column.array = i;
    if (!is_layered(column)) {
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

void Header::check_widths() const {
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
                       [&](const Column& column) { return column.name == wanted; })) {
        throw InputError(place_ + wanted + " is missing");
      }
    }
  }
}

/// Reads rows into a set, and finds their numbers of layers.
class Rows {
 public:
  Rows(const Header& header, std::string origin) : header_(header), origin_(std::move(origin)) {
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
  const Column& column(std::size_t field) const { return header_.columns()[field]; }

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
        if (is_layered(column(i)) && !fields_[i].empty()) {
          filled = std::max(filled, layers_below(column(i)) + 1);
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
      if (is_layered(column(i)) && layers_below(column(i)) >= layers) continue;
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

  const Header& header_;
  std::string origin_;
  std::vector<std::size_t> place_;  // position of each field in row_
  std::vector<double> row_;         // one model, in the order of model_array_names
  std::vector<std::string_view> fields_;
  std::size_t line_ = 0;
  std::int32_t layer_count_ = 0;
  bool any_shorter_ = false;
  ModelSet set_;
};

void append_row(std::string& text, const ModelSet& models, std::size_t model) {
  const std::int64_t layers =
      models.layer_count.empty() ? models.layers : models.layer_count[model];
  for (const auto& array : layer_arrays) {
    const auto& values = models.*array.values;
    if (values.empty()) continue;
    const auto columns = static_cast<std::size_t>(array.columns(models.layers));
    for (std::size_t i = 0; i < columns; ++i) {
      const double value = values[model * columns + i];
      const bool below =
          layers >= 1 && static_cast<std::int64_t>(i) + missing_layers(array) >= layers;
      if (!below || !std::isnan(value)) append_number(text, value);
      text += ',';
    }
  }
  const auto append_field = [&](const auto& array) {
    const auto& values = models.*array.values;
    if (values.empty()) return;
    append_number(text, values[model]);
    text += ',';
  };
  std::apply([&](const auto&... array) { (append_field(array), ...); }, core::per_model_arrays);
  text.back() = '\n';
}

}  // namespace

ModelSet models_from_csv(std::string_view text, const std::string& origin) {
  CsvLines lines(text);
  const auto first = lines.next();
  if (!first) throw InputError(origin + ": no header, allowed is a line such as resistivity_1");
  const Header header(*first, origin + ":" + std::to_string(lines.number()) + ": ");
  Rows rows(header, origin);
  while (const auto line = lines.next()) rows.add(*line, lines.number());
  return std::move(rows).finish();
}

std::string model_csv_header(const ModelSet& models) {
  std::string text;
  core::for_each_model_array([&](const auto& array) {
    if ((models.*array.values).empty() && !array.required()) return;
    const std::string name(array.name);
    if (array.extent == core::Extent::model) {
      text += name + ",";
      return;
    }
    for (std::int64_t i = 0; i < array.columns(models.layers); ++i) {
      text += name + "_" + std::to_string(i + 1) + ",";
    }
  });
  text.back() = '\n';
  return text;
}

void append_model_rows(std::string& text, const ModelSet& models) {
  for (std::int64_t k = 0; k < models.models; ++k) {
    append_row(text, models, static_cast<std::size_t>(k));
  }
}

std::string grid_axes_to_csv(const std::vector<GridAxis>& axes) {
  std::string text;
  for (const auto& axis : axes) {
    text += "# axis," + axis.name;
    for (const double value : axis.values) {
      text += ',';
      append_number(text, value);
    }
    text += '\n';
  }
  return text;
}

}  // namespace stratem::io
