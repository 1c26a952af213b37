#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>

#include "core/earth/model_arrays.hpp"
#include "io/csv.hpp"
#include "io/models/models_csv.hpp"

namespace stratem::io {
namespace {

void append_row(std::string& text, const ModelSet& models, std::size_t model) {
  const std::int64_t layers =
      models.layer_count.empty() ? models.layers : models.layer_count[model];
  for (const auto& array : core::layer_arrays) {
    const auto& values = models.*array.values;
    if (values.empty()) continue;
    const auto columns = static_cast<std::size_t>(array.columns(models.layers));
    for (std::size_t i = 0; i < columns; ++i) {
      const double value = values[model * columns + i];
      const bool below =
          layers >= 1 && static_cast<std::int64_t>(i) + array.missing_layers() >= layers;
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
