// Models side by side, one in each lane of a vector: what the kernel reads.
#pragma once

#include <cstdint>
#include <span>

#include "core/layered_model.hpp"
#include "cpu/aligned_vector.hpp"

namespace stratem::cpu {

/// A model in as few layers as its responses need, and what its height adds.
struct EarthColumn {
  core::LayeredModel model;
  double slowness = 0.0;       ///< models of about the same leave out the same wavenumbers
  double height_change = 0.0;  ///< of the transmitter, m; the receiver moves with it
  std::int64_t index = 0;      ///< its row in the batch
};

/// Makes one layer of neighbours that do not differ: their interface reflects nothing.
void merge_equal_layers(core::LayeredModel& model);

/// Arrays are [layers][lanes]. A model of fewer layers than the group goes on below its basement as
/// that basement, with interfaces at an infinite depth that the kernel never counts in.
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

  /// Packs 1 .. lanes models, polarizable ones or others; lanes left over repeat the last of them.
  /// Keeps its memory.
  void pack(std::span<const EarthColumn* const> columns, std::size_t lane_count);

 private:
  void pack_layers(const core::LayeredModel& model, std::size_t lane);
  void pack_polarization(const core::LayeredModel& model, std::size_t lane);
};

}  // namespace stratem::cpu
