// Checks one model of the batch and brings it into shared memory.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/constants.hpp"
#include "kernels/batch_pointers.hpp"
#include "kernels/block.hpp"
#include "kernels/complex_math.hpp"
#include "kernels/plan_layout.hpp"
#include "kernels/shared_memory.hpp"

namespace stratem::kernels {

/// Faults as numbers in the order in which core::gather finds them, so that the least fault found
/// by any thread is the one to report.
enum Fault : std::int32_t {
  fault_layer_count,
  fault_resistivity,
  fault_depth,
  fault_thickness,
  fault_polarization,  ///< plus 3 layer, plus 0 chargeability, 1 time constant, 2 exponent
  fault_height = fault_polarization + 3 * static_cast<std::int32_t>(max_layers),
  fault_not_finite,
  no_fault
};

STRATEM_DEVICE Status status_of(std::int32_t fault) {
  switch (fault) {
    case fault_layer_count:
      return Status::bad_layer_count;
    case fault_resistivity:
      return Status::bad_resistivity;
    case fault_depth:
      return Status::bad_depth;
    case fault_thickness:
      return Status::bad_thickness;
    case fault_height:
      return Status::bad_height;
    case fault_not_finite:
      return Status::failed;
    case no_fault:
      return Status::ok;
    default:
      break;
  }
  const std::int32_t which = (fault - fault_polarization) % 3;
  if (which == 0) return Status::bad_chargeability;
  return which == 1 ? Status::bad_time_constant : Status::bad_exponent;
}

/// Thicker layers are taken as this thick, m. No wave comes back through such a layer, and
/// elementary::cosine_and_sine can reduce its phase.
inline constexpr double thickest_layer = 1e12;

STRATEM_DEVICE bool positive(double value) { return std::isfinite(value) && value > 0.0; }

/// The rows of one model in the batch.
class ModelRows {
 public:
  STRATEM_DEVICE ModelRows(const BatchPointers& batch, std::int64_t model)
      : batch_(batch), model_(model), row_(element(model, batch.layers, 0)) {}

  STRATEM_DEVICE std::int32_t layers() const {
    return batch_.layer_count == nullptr ? static_cast<std::int32_t>(batch_.layers)
                                         : read_only(batch_.layer_count + model_);
  }
  STRATEM_DEVICE double resistivity(std::int32_t layer) const {
    return read_only(batch_.resistivity + row_ + layer);
  }
  STRATEM_DEVICE double thickness(std::int32_t layer) const {
    if (batch_.depth == nullptr) return read_only(batch_.thickness + (row_ - model_) + layer);
    return depth(layer + 1) - depth(layer);
  }
  STRATEM_DEVICE bool has_depths() const { return batch_.depth != nullptr; }
  STRATEM_DEVICE double depth(std::int32_t layer) const {
    return read_only(batch_.depth + row_ + layer);
  }
  STRATEM_DEVICE bool has_polarization() const { return batch_.chargeability != nullptr; }
  STRATEM_DEVICE double chargeability(std::int32_t layer) const {
    return read_only(batch_.chargeability + row_ + layer);
  }
  STRATEM_DEVICE double time_constant(std::int32_t layer) const {
    return read_only(batch_.time_constant + row_ + layer);
  }
  STRATEM_DEVICE double exponent(std::int32_t layer) const {
    return read_only(batch_.exponent + row_ + layer);
  }
  STRATEM_DEVICE bool has_height() const { return batch_.height != nullptr; }
  STRATEM_DEVICE double height() const { return read_only(batch_.height + model_); }

 private:
  const BatchPointers& batch_;
  std::int64_t model_;
  std::int64_t row_;
};

/// The first fault of one layer's polarization.
STRATEM_DEVICE std::int32_t polarization_fault(const ModelRows& rows, std::int32_t layer) {
  const double m = rows.chargeability(layer);
  const double c = rows.exponent(layer);
  if (!(m >= 0.0 && m < 1.0)) return fault_polarization + 3 * layer;
  if (!positive(rows.time_constant(layer))) return fault_polarization + 3 * layer + 1;
  if (!(c > 0.0 && c <= 1.0)) return fault_polarization + 3 * layer + 2;
  return no_fault;
}

/// Stage: one thread checks the data that belong to the whole model: layer count and height.
template <class T, class Block>
STRATEM_DEVICE void open_model(const Block& block, const ModelRows& rows, const PlanArrays<T>& plan,
                               std::int64_t most_layers, ModelState& state) {
  block.for_each_thread([&](int thread) {
    if (thread != 0) return;
    state.layers = rows.layers();
    state.polarizable = 0;
    state.cancelled = 0;
    state.height_sum_change = 0.0;
    state.fault = no_fault;
    if (rows.has_height()) {
      const double change = rows.height() - plan.transmitter_height;
      state.height_sum_change = 2.0 * change;
      if (!(std::isfinite(change) && plan.lowest_height + change >= 0.0)) {
        state.fault = fault_height;
      }
    }
    if (state.layers < 1 || state.layers > most_layers) {
      state.fault = fault_layer_count;
      state.layers = 0;
    }
  });
}

/// Stage: each thread checks and converts its own layers.
template <class T, class Block>
STRATEM_DEVICE void convert_layers(const Block& block, const ModelRows& rows,
                                   const SharedMemory<T>& shared) {
  ModelState& state = *shared.model;
  block.for_each_thread([&](int thread) {
    const std::int32_t basement = state.layers - 1;
    std::int32_t fault = no_fault;
    if (thread == 0 && rows.has_depths() && basement >= 0 && rows.depth(0) != 0.0) {
      fault = fault_depth;
    }
    for (std::int32_t i = thread; i <= basement; i += block.threads()) {
      const double resistivity = rows.resistivity(i);
      const double permeance = base::mu0 / resistivity;
      if (!positive(resistivity)) fault = fault_resistivity;
      shared.permeance[i] = static_cast<T>(permeance);
      shared.bulk[i] = permeance;
      if (rows.has_polarization()) {
        const std::int32_t found = polarization_fault(rows, i);
        fault = found < fault ? found : fault;
        if (rows.chargeability(i) > 0.0) block.raise(state.polarizable, 1);
      }
      if (i == basement) break;
      const double given = rows.thickness(i);
      const std::int32_t shape = rows.has_depths() ? fault_depth : fault_thickness;
      if (!positive(given) && shape < fault) fault = shape;
      const double thickness = std::fmin(given, thickest_layer);
      if constexpr (reads_contrasts<T>) {
        shared.contrast[i] = permeance - base::mu0 / rows.resistivity(i + 1);
      }
      shared.thickness[i] = static_cast<T>(thickness);
      shared.step[i] = thickness;
      shared.decay[i] = 2.0 * thickness * std::sqrt(permeance);
    }
    if (fault != no_fault) block.lower(state.fault, fault);
  });
}

/// sheet_i of core::DecayBound.
template <class T>
STRATEM_DEVICE double better_conductors(const SharedMemory<T>& shared, std::int32_t layer) {
  const std::int32_t basement = shared.model->layers - 1;
  const double bulk = shared.bulk[layer];
  if (shared.model->polarizable != 0 || shared.bulk[basement] > bulk) return INFINITY;
  double sheet = 0.0;
  for (std::int32_t i = 0; i < basement; ++i) {
    if (shared.bulk[i] > bulk) sheet += shared.bulk[i] * shared.step[i];
  }
  return sheet;
}

/// Stage: sums over layers in their order. One thread sums depths, and the decay of a wave on its
/// way down to them and back; Re u >= Re sqrt(k) holds for real conductivities only. All threads
/// sum, for each layer, the conductance of the layers that conduct better.
template <class T, class Block>
STRATEM_DEVICE void sum_layers(const Block& block, const SharedMemory<T>& shared) {
  block.for_each_thread([&](int thread) {
    const ModelState& state = *shared.model;
    for (std::int32_t i = thread; i < state.layers; i += block.threads()) {
      shared.sheet[i] = better_conductors(shared, i);
    }
    if (thread != 0) return;
    double depth = 0.0;
    double decay = 0.0;
    for (std::int32_t i = 0; i + 1 < state.layers; ++i) {
      depth += shared.step[i];
      if (state.polarizable == 0) decay += shared.decay[i];  // diffusion[i] may be its place
      shared.bottom[i] = static_cast<T>(depth);
      shared.diffusion[i] = static_cast<T>(decay);
    }
  });
}

/// Stages: loads model `index` of the batch. A bad model leaves its fault in the state.
template <class T, class Block>
STRATEM_DEVICE void prepare(const Block& block, const BatchPointers& batch, std::int64_t index,
                            const PlanArrays<T>& plan, const SharedMemory<T>& shared) {
  const ModelRows rows(batch, index);
  open_model(block, rows, plan, batch.layers, *shared.model);
  convert_layers(block, rows, shared);
  sum_layers(block, shared);
}

}  // namespace stratem::kernels
