// Floating-point operations that a plan takes for a model. Plain arithmetic: built and tested
// everywhere.
#pragma once

#include "core/plan_table.hpp"
#include "stratem/models.hpp"

namespace stratem::cuda {

/// Of one model, as kernels::flops_per_evaluation() counts them, by the precision they are in.
struct Operations {
  double in_double = 0.0;
  double in_single = 0.0;
};

/// What the kernel does for all evaluations of r_TE, without the interfaces that it leaves out: the
/// mean over a thousand models spread evenly over the batch, or over all if there are fewer. Takes
/// models without polarizable layers, and those that cannot be computed as taking nothing. What
/// is computed again in double precision is not in it.
Operations operations_per_model(const core::PlanTable& table, const ModelBatch& models);

}  // namespace stratem::cuda
