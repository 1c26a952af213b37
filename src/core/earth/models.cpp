#include "stratem/models.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "stratem/error.hpp"

namespace stratem {
namespace {

void check_matrix(const MatrixView<const double>& view, const char* name, std::int64_t models,
                  std::int64_t layers, const char* layers_name) {
  if (view.empty()) return;
  if (view.rows() != models || view.columns() != layers) {
    throw InputError(std::string(name) + ": shape is [" + std::to_string(view.rows()) + ", " +
                     std::to_string(view.columns()) + "], allowed is [models, " + layers_name +
                     "] = [" + std::to_string(models) + ", " + std::to_string(layers) + "]");
  }
}

template <class T>
void check_vector(const VectorView<T>& view, const char* name, std::int64_t models) {
  if (view.empty()) return;
  if (view.size() != models) {
    throw InputError(std::string(name) + ": length is " + std::to_string(view.size()) +
                     ", allowed is the number of models, " + std::to_string(models));
  }
}

/// Rows of a matrix, each extended to `columns` with the values of an absent layer.
std::vector<double> widened(const std::vector<double>& rows, std::int64_t count,
                            std::int64_t columns, double absent) {
  if (rows.empty() || count == 0) return rows;
  const auto old = static_cast<std::ptrdiff_t>(rows.size()) / count;
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
  const auto matrix = [&](std::vector<double>& rows, std::int64_t columns, double absent) {
    rows = widened(rows, models.models, columns, absent);
  };
  matrix(models.resistivity, layers, 1.0);
  if (models.layers == 1) {
    models.thickness.assign(static_cast<std::size_t>(models.models * (layers - 1)), 0.0);
  } else {
    matrix(models.thickness, layers - 1, 0.0);
  }
  matrix(models.chargeability, layers, 0.0);
  matrix(models.time_constant, layers, 1.0);
  matrix(models.exponent, layers, 1.0);
  models.layers = layers;
}

/// Depths as thicknesses.
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

/// Polarization of layers that have none.
void add_no_polarization(ModelSet& models) {
  const auto size = models.resistivity.size();
  models.chargeability.assign(size, 0.0);
  models.time_constant.assign(size, 1.0);
  models.exponent.assign(size, 1.0);
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
  check_matrix(batch.resistivity, "resistivity", batch.models, batch.layers, "layers");
  check_matrix(batch.depth, "depth", batch.models, batch.layers, "layers");
  check_matrix(batch.thickness, "thickness", batch.models, batch.layers - 1, "layers - 1");
  check_matrix(batch.chargeability, "chargeability", batch.models, batch.layers, "layers");
  check_matrix(batch.time_constant, "time_constant", batch.models, batch.layers, "layers");
  check_matrix(batch.exponent, "exponent", batch.models, batch.layers, "layers");
  check_vector(batch.layer_count, "layers", batch.models);
  check_vector(batch.height, "height", batch.models);
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
  part.resistivity = resistivity.slice(first, count);
  part.thickness = thickness.slice(first, count);
  part.depth = depth.slice(first, count);
  part.layer_count = layer_count.slice(first, count);
  part.chargeability = chargeability.slice(first, count);
  part.time_constant = time_constant.slice(first, count);
  part.exponent = exponent.slice(first, count);
  part.height = height.slice(first, count);
  return part;
}

ModelBatch ModelSet::view() const {
  ModelBatch batch;
  batch.models = models;
  batch.layers = layers;
  const auto matrix = [this](const std::vector<double>& values, std::int64_t columns) {
    return values.empty() ? MatrixView<const double>()
                          : MatrixView<const double>(values.data(), models, columns);
  };
  batch.resistivity = matrix(resistivity, layers);
  batch.thickness = matrix(thickness, layers - 1);
  batch.depth = matrix(depth, layers);
  batch.chargeability = matrix(chargeability, layers);
  batch.time_constant = matrix(time_constant, layers);
  batch.exponent = matrix(exponent, layers);
  if (!layer_count.empty()) batch.layer_count = {layer_count.data(), models};
  if (!height.empty()) batch.height = {height.data(), models};
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
  const auto copy = [&](const MatrixView<const double>& from, std::vector<double>& to) {
    if (from.empty()) return;
    for (const auto number : numbers) {
      for (std::int64_t i = 0; i < from.columns(); ++i) to.push_back(from(number, i));
    }
  };
  copy(models.resistivity, set.resistivity);
  copy(models.thickness, set.thickness);
  copy(models.depth, set.depth);
  copy(models.chargeability, set.chargeability);
  copy(models.time_constant, set.time_constant);
  copy(models.exponent, set.exponent);
  for (const auto number : numbers) {
    if (!models.layer_count.empty()) set.layer_count.push_back(models.layer_count[number]);
    if (!models.height.empty()) set.height.push_back(models.height[number]);
  }
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
  if (to.chargeability.empty() != more.chargeability.empty()) {
    add_no_polarization(to.chargeability.empty() ? to : more);
  }
  const auto add = [](auto& all, const auto& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  to.models += more.models;
  add(to.resistivity, more.resistivity);
  add(to.thickness, more.thickness);
  add(to.layer_count, more.layer_count);
  add(to.chargeability, more.chargeability);
  add(to.time_constant, more.time_constant);
  add(to.exponent, more.exponent);
  add(to.height, more.height);
}

}  // namespace stratem
