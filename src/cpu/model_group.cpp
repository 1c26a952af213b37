#include "cpu/model_group.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/constants.hpp"

namespace stratem::cpu {
namespace {

bool same_layer(const core::LayeredModel& model, std::size_t a, std::size_t b) {
  if (model.resistivity[a] != model.resistivity[b]) return false;
  if (model.chargeability.empty()) return true;
  if (model.chargeability[a] != model.chargeability[b]) return false;
  return model.chargeability[a] == 0.0 || (model.time_constant[a] == model.time_constant[b] &&
                                           model.exponent[a] == model.exponent[b]);
}

}  // namespace

void merge_equal_layers(core::LayeredModel& model) {
  std::size_t last = 0;  // the last of the layers kept so far
  for (std::size_t i = 1; i < model.resistivity.size(); ++i) {
    const bool basement = i + 1 == model.resistivity.size();
    if (!same_layer(model, last, i)) {
      ++last;
      model.resistivity[last] = model.resistivity[i];
      if (!basement) model.thickness[last] = model.thickness[i];
      if (!model.chargeability.empty()) {
        model.chargeability[last] = model.chargeability[i];
        model.time_constant[last] = model.time_constant[i];
        model.exponent[last] = model.exponent[i];
      }
    } else if (!basement) {
      model.thickness[last] += model.thickness[i];
    }
  }
  model.resistivity.resize(last + 1);
  model.thickness.resize(last);
  if (!model.chargeability.empty()) {
    model.chargeability.resize(last + 1);
    model.time_constant.resize(last + 1);
    model.exponent.resize(last + 1);
  }
}

void ModelGroup::pack(std::span<const EarthColumn* const> columns, std::size_t lane_count) {
  lanes = lane_count;
  layers = 0;
  polarizable = !columns.front()->model.chargeability.empty();
  higher_or_lower = false;
  for (const EarthColumn* column : columns) {
    layers = std::max(layers, column->model.resistivity.size());
    higher_or_lower = higher_or_lower || column->height_change != 0.0;
  }
  const std::size_t size = layers * lanes;
  for (auto* array : {&permeance, &contrast, &thickness, &bottom, &diffusion}) array->resize(size);
  if (polarizable) {
    for (auto* array : {&chargeability, &log_time_constant, &exponent}) array->resize(size);
  }
  height_sum_change.resize(lanes);

  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const EarthColumn& column = *columns[std::min(lane, columns.size() - 1)];
    pack_layers(column.model, lane);
    if (polarizable) pack_polarization(column.model, lane);
    height_sum_change[lane] = 2.0 * column.height_change;
  }
}

void ModelGroup::pack_layers(const core::LayeredModel& model, std::size_t lane) {
  const std::size_t basement = model.thickness.size();
  double depth = 0.0;
  double decay = 0.0;
  for (std::size_t i = 0; i < layers; ++i) {
    const std::size_t at = i * lanes + lane;
    permeance[at] = base::mu0 / model.resistivity[std::min(i, basement)];
    if (i < basement) {
      depth += model.thickness[i];
      if (model.chargeability.empty()) decay += 2.0 * model.thickness[i] * std::sqrt(permeance[at]);
    }
    contrast[at] = i < basement ? permeance[at] - base::mu0 / model.resistivity[i + 1] : 0.0;
    thickness[at] = i < basement ? model.thickness[i] : 0.0;
    bottom[at] = i < basement ? depth : std::numeric_limits<double>::infinity();
    diffusion[at] = decay;
  }
}

void ModelGroup::pack_polarization(const core::LayeredModel& model, std::size_t lane) {
  for (std::size_t i = 0; i < layers; ++i) {
    const std::size_t at = i * lanes + lane;
    const std::size_t layer = std::min(i, model.thickness.size());
    const bool here = model.chargeability[layer] > 0.0;
    chargeability[at] = here ? model.chargeability[layer] : 0.0;
    log_time_constant[at] = here ? std::log(model.time_constant[layer]) : 0.0;
    exponent[at] = here ? model.exponent[layer] : 1.0;
  }
}

}  // namespace stratem::cpu
