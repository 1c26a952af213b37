// Code shared by the tests of plans: random earths that plans were not fitted to, errors by the
// definition of the tolerance, and plans kept as long as the program runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/plan/ensemble.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/plan.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::test {

/// Options with a tolerance and a cache that exists as long as the program. Plans that differ only
/// in options that do not affect their nodes are built once.
Options plan_options(double tolerance, Range resistivity = {0.1, 10000.0});

/// The central loop at 31 times from 1e-6 to 1e-2 s, 1e-3, over the default range.
const Plan& central_plan();

/// `count` models of 20 layers of 0.5 m on a basement.
ModelSet thin_layers(const PlanOptions& options, int count, std::uint64_t seed);
/// `count` models of 2 to 12 layers between which the resistivity jumps from one end of the
/// declared range to the other; thicknesses log-uniform from 0.5 to 100 m.
ModelSet contrasts(const PlanOptions& options, int count, std::uint64_t seed);

/// `count` polarizable half-spaces, of the resistivities, time constants and exponents that plans
/// allow. Without layers their oscillations are not damped.
ModelSet polarizable_half_spaces(const PlanOptions& options, int count, std::uint64_t seed);

struct MeasuredError {
  double worst = 0.0;  ///< infinite if a model was not computed
  double median = 0.0;
  std::int64_t model = 0;  ///< where the worst is
  std::int64_t gate = 0;
};

/// Differences between `responses` and `truth`, relative to the response or, near changes of sign,
/// to the size given by core::response_sizes.
MeasuredError measured_error(const System& system, const Responses& responses,
                             const Responses& truth);

/// Errors of a plan, relative to the reference backend.
MeasuredError measured_error(const Plan& plan, const ModelSet& models);

/// The responses of the reference backend.
Responses reference_responses(const System& system, const ModelSet& models);

/// The rows of [models x gates] that belong to one model.
std::vector<double> row(const Responses& responses, std::int64_t model);

}  // namespace stratem::test
