// Models side by side, one in each lane of a vector, as the kernel reads them.
#pragma once

#include <cstdint>
#include <span>

#include "core/earth/layered_model.hpp"
#include "cpu/aligned_vector.hpp"

namespace stratem::cpu {

/// A model with equal neighbouring layers merged, and its change of height.
struct EarthColumn {
  core::LayeredModel model;
  double slowness = 0.0;       ///< models with similar values leave out the same wavenumbers
  double height_change = 0.0;  ///< of the transmitter, m; the receiver moves with it
  std::int64_t index = 0;      ///< its row in the batch
};

/// Merges neighbouring layers that do not differ: the interface between them reflects nothing.
void merge_equal_layers(core::LayeredModel& model);

/// Arrays are [layers][lanes]. If a model has fewer layers than the group, its basement is repeated
/// below it, with interfaces at an infinite depth that the kernel always leaves out.
struct ModelGroup {
  std::size_t lanes = 0;
  std::size_t layers = 0;
  bool polarizable = false;             ///< all models are, or none
  bool higher_or_lower = false;         ///< any model's height differs from the system's
  AlignedVector<double> permeance;      ///< mu0 / resistivity: k = s permeance, s/m^2
  AlignedVector<double> contrast;       ///< permeance less that of the layer below; 0 in the last
  AlignedVector<double> thickness;      ///< m; 0 in and below the basement
  AlignedVector<double> bottom;         ///< depth of the layer's lower interface, m; or infinity
  AlignedVector<double> diffusion;      ///< sum of 2 thickness sqrt(permeance) down to `bottom`:
                                        ///< times Re sqrt(s), how a wave decays on its way there
                                        ///< and back; 0 in polarizable models
  AlignedVector<double> chargeability;  ///< the next three only if polarizable
  AlignedVector<double> log_time_constant;
  AlignedVector<double> exponent;
  AlignedVector<double> height_sum_change;  ///< [lanes] of transmitter and receiver together, m

  /// Packs 1 .. lanes models, all polarizable or none. Unused lanes repeat the last model. Memory
  /// is reused.
  void pack(std::span<const EarthColumn* const> columns, std::size_t lane_count);

 private:
  void pack_layers(const core::LayeredModel& model, std::size_t lane);
  void pack_polarization(const core::LayeredModel& model, std::size_t lane);
};

}  // namespace stratem::cpu
