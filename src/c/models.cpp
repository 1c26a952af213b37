#include "c/models.hpp"

#include <cstdint>
#include <string>

#include "c/structs.hpp"

namespace stratem::c {
namespace {

std::int64_t stride_of(std::int64_t given, std::int64_t dense) {
  if (given == STRATEM_BROADCAST) return 0;
  return given == 0 ? dense : given;
}

std::int64_t output_stride_of(const char* name, std::int64_t given, std::int64_t dense) {
  if (given != STRATEM_BROADCAST) return stride_of(given, dense);
  throw InputError(std::string(name) +
                   ": STRATEM_BROADCAST, allowed only for arrays that are read");
}

MatrixView<const double> view_of(const stratem_matrix_f64& array, std::int64_t models,
                                 std::int64_t columns) {
  return {array.data, models, columns, stride_of(array.model_stride, columns),
          stride_of(array.layer_stride, 1)};
}

VectorView<const double> view_of(const stratem_vector_f64& array, std::int64_t models) {
  return {array.data, models, stride_of(array.stride, 1)};
}

VectorView<const std::int32_t> view_of(const stratem_vector_i32& array, std::int64_t models) {
  return {array.data, models, stride_of(array.stride, 1)};
}

}  // namespace

ModelBatch view_of(const stratem_models* models) {
  const stratem_models given = read_struct(models, "models");
  ModelBatch batch;
  batch.models = given.models;
  batch.layers = given.layers;
  batch.resistivity = view_of(given.resistivity, given.models, given.layers);
  batch.thickness = view_of(given.thickness, given.models, given.layers - 1);
  batch.depth = view_of(given.depth, given.models, given.layers);
  batch.layer_count = view_of(given.layer_count, given.models);
  batch.chargeability = view_of(given.chargeability, given.models, given.layers);
  batch.time_constant = view_of(given.time_constant, given.models, given.layers);
  batch.exponent = view_of(given.exponent, given.models, given.layers);
  batch.height = view_of(given.height, given.models);
  return batch;
}

ResponseView view_of(const stratem_responses* responses, std::int64_t models) {
  const stratem_responses given = read_struct(responses, "responses");
  if (models > 0) {
    required(given.response, "response");
    required(given.status, "status");
  }
  ResponseView views;
  views.response = {given.response, models, given.gates,
                    output_stride_of("model_stride", given.model_stride, given.gates),
                    output_stride_of("gate_stride", given.gate_stride, 1)};
  // The statuses of C++ and C are the same bytes.
  views.status = {reinterpret_cast<Status*>(given.status), models,
                  output_stride_of("status_stride", given.status_stride, 1)};
  return views;
}

}  // namespace stratem::c
