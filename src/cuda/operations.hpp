// Floating-point operations that a plan takes for a model. Plain arithmetic: built and tested
// everywhere.
#pragma once

#include "core/plan/plan_table.hpp"
#include "stratem/models.hpp"

namespace stratem::cuda {

/// Operations of one model, as kernels::flops_per_evaluation() counts them, for each precision.
struct Operations {
  double in_double = 0.0;
  double in_single = 0.0;
};

/// The operations of all evaluations of r_TE in the kernel, without the interfaces that it leaves
/// out. This is the mean over a thousand models spread evenly over the batch, or over all if there
/// are fewer. Models must have no polarizable layers. Models that cannot be computed count as 0.
/// Evaluations that are repeated in double precision are not included.
Operations operations_per_model(const core::PlanTable& table, const ModelBatch& models);

}  // namespace stratem::cuda
