#include "stratem/models.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/earth/model_arrays.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

using core::LayerArray;
using core::PerModelArray;

void check_shape(const LayerArray& array, const ModelBatch& batch) {
  const auto& view = batch.*array.view;
  const std::int64_t columns = array.columns(batch.layers);
  if (view.empty() || (view.rows() == batch.models && view.columns() == columns)) return;
  const char* columns_name = array.extent == core::Extent::layers ? "layers" : "layers - 1";
  throw InputError(std::string(array.name) + ": shape is [" + std::to_string(view.rows()) + ", " +
                   std::to_string(view.columns()) + "], allowed is [models, " + columns_name +
                   "] = [" + std::to_string(batch.models) + ", " + std::to_string(columns) + "]");
}

template <class Number>
void check_shape(const PerModelArray<Number>& array, const ModelBatch& batch) {
  const auto& view = batch.*array.view;
  if (view.empty() || view.size() == batch.models) return;
  throw InputError(std::string(array.name) + ": length is " + std::to_string(view.size()) +
                   ", allowed is the number of models, " + std::to_string(batch.models));
}

MatrixView<const double> view_of(const LayerArray& array, const ModelSet& set) {
  return {(set.*array.values).data(), set.models, array.columns(set.layers)};
}

template <class Number>
VectorView<const Number> view_of(const PerModelArray<Number>& array, const ModelSet& set) {
  return {(set.*array.values).data(), set.models};
}

void append_row(const MatrixView<const double>& from, std::int64_t row, std::vector<double>& to) {
  for (std::int64_t i = 0; i < from.columns(); ++i) to.push_back(from(row, i));
}

template <class Number>
void append_row(const VectorView<const Number>& from, std::int64_t row, std::vector<Number>& to) {
  to.push_back(from[row]);
}

/// Rows of a matrix, each extended from `old` to `columns` numbers with those of an absent layer.
std::vector<double> widened(const std::vector<double>& rows, std::int64_t count, std::int64_t old,
                            std::int64_t columns, double absent) {
  std::vector<double> wide;
  for (std::int64_t row = 0; row < count; ++row) {
    wide.insert(wide.end(), rows.begin() + row * old, rows.begin() + (row + 1) * old);
    wide.resize(static_cast<std::size_t>((row + 1) * columns), absent);
  }
  return wide;
}

void widen(ModelSet& models, std::int64_t layers) {
  if (models.layer_count.empty()) {
    models.layer_count.assign(static_cast<std::size_t>(models.models),
                              static_cast<std::int32_t>(models.layers));
  }
  for (const auto& array : core::layer_arrays) {
    auto& values = models.*array.values;
    if (values.empty()) continue;
    values = widened(values, models.models, array.columns(models.layers), array.columns(layers),
                     array.absent);
  }
  models.layers = layers;
}

/// Replaces depths by thicknesses.
void to_thicknesses(ModelSet& models) {
  if (models.depth.empty()) return;
  const std::int64_t columns = models.layers - 1;
  models.thickness.resize(static_cast<std::size_t>(models.models * columns));
  for (std::int64_t m = 0; m < models.models; ++m) {
    for (std::int64_t i = 0; i < columns; ++i) {
      const auto top = static_cast<std::size_t>(m * models.layers + i);
      models.thickness[static_cast<std::size_t>(m * columns + i)] =
          models.depth[top + 1] - models.depth[top];
    }
  }
  models.depth.clear();
}

/// Gives a set the arrays of layers that only the other one has.
void add_missing_arrays(ModelSet& to, const ModelSet& other) {
  for (const auto& array : core::layer_arrays) {
    auto& values = to.*array.values;
    if (!values.empty() || (other.*array.values).empty()) continue;
    values.assign(static_cast<std::size_t>(to.models * array.columns(to.layers)), array.absent);
  }
}

}  // namespace

void check_shapes(const ModelBatch& batch) {
  if (batch.models < 0) {
    throw InputError("models: " + std::to_string(batch.models) + " models, allowed is 0 or more");
  }
  if (batch.layers < 1 || batch.layers > max_layers) {
    throw InputError("models: " + std::to_string(batch.layers) + " layers, allowed is 1 to " +
                     std::to_string(max_layers));
  }
  if (batch.models == 0) return;
  if (batch.resistivity.empty()) throw InputError("resistivity: missing");
  core::for_each_model_array([&](const auto& array) { check_shape(array, batch); });
  if (!batch.depth.empty() && !batch.thickness.empty()) {
    throw InputError("depth and thickness: both are given, allowed is one of them");
  }
  if (batch.layers > 1 && batch.depth.empty() && batch.thickness.empty()) {
    throw InputError("depth or thickness: one is needed for models of more than one layer");
  }
  const int cole_cole =
      !batch.chargeability.empty() + !batch.time_constant.empty() + !batch.exponent.empty();
  if (cole_cole != 0 && cole_cole != 3) {
    throw InputError(
        "chargeability, time_constant, exponent: some are missing, allowed is all three or none");
  }
}

ModelBatch ModelBatch::slice(std::int64_t first, std::int64_t count) const {
  ModelBatch part = *this;
  part.models = count;
  core::for_each_model_array(
      [&](const auto& array) { part.*array.view = (this->*array.view).slice(first, count); });
  return part;
}

ModelBatch ModelSet::view() const {
  ModelBatch batch;
  batch.models = models;
  batch.layers = layers;
  core::for_each_model_array([&](const auto& array) {
    if (!(this->*array.values).empty()) batch.*array.view = view_of(array, *this);
  });
  return batch;
}

std::string_view describe(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::bad_resistivity:
      return "a resistivity is not finite or not above 0";
    case Status::bad_depth:
      return "depths do not start at 0 or do not increase";
    case Status::bad_thickness:
      return "a thickness is not finite or not above 0";
    case Status::bad_layer_count:
      return "the layer count is below 1 or above the number of columns";
    case Status::bad_chargeability:
      return "a chargeability is outside [0, 1)";
    case Status::bad_time_constant:
      return "a time constant is not finite or not above 0";
    case Status::bad_exponent:
      return "a Cole-Cole exponent is outside (0, 1]";
    case Status::bad_height:
      return "the height is not finite, or puts a transmitter or receiver below the ground";
    case Status::out_of_range:
      return "outside the range the plan was declared for";
    case Status::failed:
      return "the computation did not give a finite response";
  }
  return "unknown status";
}

ModelSet select_models(const ModelBatch& models, const std::vector<std::int64_t>& numbers) {
  ModelSet set;
  set.models = static_cast<std::int64_t>(numbers.size());
  set.layers = models.layers;
  core::for_each_model_array([&](const auto& array) {
    const auto& view = models.*array.view;
    if (view.empty()) return;
    for (const auto number : numbers) append_row(view, number, set.*array.values);
  });
  return set;
}

void append(ModelSet& to, ModelSet more) {
  if (more.models == 0) return;
  if (to.models == 0) {
    to = std::move(more);
    return;
  }
  if (to.height.empty() != more.height.empty()) {
    throw InputError("height: in some of the models only, allowed is in all or in none");
  }
  to_thicknesses(to);
  to_thicknesses(more);
  const std::int64_t layers = std::max(to.layers, more.layers);
  widen(to, layers);
  widen(more, layers);
  add_missing_arrays(to, more);
  add_missing_arrays(more, to);
  to.models += more.models;
  core::for_each_model_array([&](const auto& array) {
    const auto& added = more.*array.values;
    (to.*array.values).insert((to.*array.values).end(), added.begin(), added.end());
  });
}

}  // namespace stratem
