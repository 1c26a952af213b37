// One model of a batch, gathered and checked. Every backend computes from it.
#pragma once

#include <cstdint>
#include <vector>

#include "stratem/models.hpp"

namespace stratem::core {

/// Contiguous copies of one model's rows. Reuse one object over many models: its vectors keep their
/// memory.
struct LayeredModel {
  std::vector<double> resistivity;    ///< [layers]
  std::vector<double> thickness;      ///< [layers - 1]
  std::vector<double> chargeability;  ///< [layers], empty if no layer is polarizable
  std::vector<double> time_constant;
  std::vector<double> exponent;
};

/// Copies row `index` of the batch and checks its values; anything but Status::ok leaves `model`
/// unspecified. Heights are not checked here, because the allowed range depends on the system.
Status gather(const ModelBatch& batch, std::int64_t index, LayeredModel& model);

}  // namespace stratem::core
