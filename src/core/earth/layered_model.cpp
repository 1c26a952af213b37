#include "core/earth/layered_model.hpp"

#include <cmath>

namespace stratem::core {
namespace {

bool positive(double value) { return std::isfinite(value) && value > 0.0; }

}  // namespace

Status gather(const ModelBatch& batch, std::int64_t index, LayeredModel& model) {
  std::int64_t layers = batch.layers;
  if (!batch.layer_count.empty()) {
    layers = batch.layer_count[index];
    if (layers < 1 || layers > batch.layers) return Status::bad_layer_count;
  }

  model.resistivity.clear();
  for (std::int64_t i = 0; i < layers; ++i) {
    const double rho = batch.resistivity(index, i);
    if (!positive(rho)) return Status::bad_resistivity;
    model.resistivity.push_back(rho);
  }

  model.thickness.clear();
  if (!batch.depth.empty()) {
    if (batch.depth(index, 0) != 0.0) return Status::bad_depth;
    for (std::int64_t i = 0; i + 1 < layers; ++i) {
      const double thickness = batch.depth(index, i + 1) - batch.depth(index, i);
      if (!positive(thickness)) return Status::bad_depth;
      model.thickness.push_back(thickness);
    }
  } else {
    for (std::int64_t i = 0; i + 1 < layers; ++i) {
      const double thickness = batch.thickness(index, i);
      if (!positive(thickness)) return Status::bad_thickness;
      model.thickness.push_back(thickness);
    }
  }

  model.chargeability.clear();
  model.time_constant.clear();
  model.exponent.clear();
  if (batch.chargeability.empty()) return Status::ok;
  bool polarizable = false;
  for (std::int64_t i = 0; i < layers; ++i) {
    const double m = batch.chargeability(index, i);
    const double tau = batch.time_constant(index, i);
    const double c = batch.exponent(index, i);
    if (!(m >= 0.0 && m < 1.0)) return Status::bad_chargeability;
    if (!positive(tau)) return Status::bad_time_constant;
    if (!(c > 0.0 && c <= 1.0)) return Status::bad_exponent;
    model.chargeability.push_back(m);
    model.time_constant.push_back(tau);
    model.exponent.push_back(c);
    polarizable = polarizable || m > 0.0;
  }
  if (!polarizable) model.chargeability.clear();
  return Status::ok;
}

}  // namespace stratem::core
