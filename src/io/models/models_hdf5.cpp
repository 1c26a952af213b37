#include "io/models/models_hdf5.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "base/text.hpp"
#include "io/models/grid_hdf5.hpp"
#include "io/models/model_arrays.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

std::string to_text(const hdf5::Shape& shape) {
  std::string text = "[";
  for (const auto extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

}  // namespace

ModelFileHdf5::ModelFileHdf5(const std::filesystem::path& path) : file_(path) {
  check_names();
  const hdf5::Shape shape = file_.shape(std::string(core::resistivity_array.name));
  if (shape.size() != 2) {
    throw InputError(file_.name() + ": resistivity: shape is " + to_text(shape) +
                     ", allowed is [models, layers]");
  }
  models_ = shape[0];
  layers_ = shape[1];
  core::for_each_model_array(
      [&](const auto& array) { check_shape(array.name, dataset_shape(array, models_, layers_)); });
  // A piece has the same arrays and layers as the whole file.
  check_models(read(0, std::min<std::int64_t>(models_, 1)), file_.name());
}

void ModelFileHdf5::check_names() const {
  for (const auto& name : file_.names()) {
    const std::string nearest(misspelt_name(name));
    if (nearest.empty() || file_.has(nearest)) continue;
    throw InputError(file_.name() + ": " + name + ": unknown dataset, did you mean " + nearest +
                     "?");
  }
}

void ModelFileHdf5::check_shape(std::string_view dataset, const hdf5::Shape& allowed) const {
  const std::string name(dataset);
  if (!file_.has(name)) return;
  const hdf5::Shape shape = file_.shape(name);
  if (shape == allowed) return;
  throw InputError(file_.name() + ": " + name + ": shape is " + to_text(shape) + ", allowed is " +
                   to_text(allowed) + " with a resistivity of " + to_text({models_, layers_}));
}

std::vector<std::int32_t> ModelFileHdf5::whole_numbers(const std::vector<double>& values,
                                                       std::string_view dataset,
                                                       std::int64_t first) const {
  constexpr double smallest = std::numeric_limits<std::int32_t>::min();
  constexpr double largest = std::numeric_limits<std::int32_t>::max();
  std::vector<std::int32_t> numbers;
  for (const double value : values) {
    if (std::trunc(value) != value) {
      throw InputError(file_.name() + ": " + std::string(dataset) + "[" +
                       std::to_string(first + static_cast<std::int64_t>(numbers.size())) +
                       "]: " + base::to_text(value) + ", allowed is a whole number");
    }
    // A count far outside the range is treated like one just outside: the model gets its status.
    numbers.push_back(static_cast<std::int32_t>(std::clamp(value, smallest, largest)));
  }
  return numbers;
}

ModelSet ModelFileHdf5::read(std::int64_t first, std::int64_t count) const {
  ModelSet set;
  set.models = count;
  set.layers = layers_;
  core::for_each_model_array([&](const auto& array) {
    // Whole numbers are read as double, too, because some programs store every number as a double.
    auto values = rows_if_there(array.name, first, count);
    if constexpr (std::is_same_v<decltype(array.absent), double>) {
      set.*array.values = std::move(values);
    } else {
      set.*array.values = whole_numbers(values, array.name, first);
    }
  });
  return set;
}

std::vector<double> ModelFileHdf5::rows_if_there(std::string_view dataset, std::int64_t first,
                                                 std::int64_t count) const {
  const std::string name(dataset);
  return file_.has(name) ? file_.rows(name, first, count) : std::vector<double>();
}

std::vector<GridAxis> ModelFileHdf5::axes() const { return read_grid_axes(file_); }

bool ModelFileHdf5::has_heights() const { return file_.has(std::string(core::height_array.name)); }

std::vector<double> ModelFileHdf5::heights(std::int64_t first, std::int64_t count) const {
  return rows_if_there(core::height_array.name, first, count);
}

std::vector<double> ModelFileHdf5::chargeabilities(std::int64_t first, std::int64_t count) const {
  return rows_if_there(core::chargeability_array.name, first, count);
}

}  // namespace stratem::io
