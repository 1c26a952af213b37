#include <string>

#include "stratem/error.hpp"
#include "stratem/models.hpp"

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

}  // namespace stratem
