// The backends that compute from a table of nodes and weights.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/backend/device_evaluator.hpp"
#include "core/backend/evaluator.hpp"
#include "core/plan/builder.hpp"
#include "stratem/options.hpp"
#include "stratem/plan.hpp"
#include "stratem/system.hpp"

namespace stratem::dispatch {

/// The table that the cache has for a system.
std::optional<core::BuiltPlan> cached_plan(const System& system, const Options& options);

/// The table for a system, from the cache or built and then kept there. Throws InputError if the
/// tolerance cannot be kept, and as watched_build() does.
core::BuiltPlan obtain_plan(const System& system, const Options& options,
                            const PlanCallback& progress = {});

/// The models with the largest errors that a fresh search finds, see Plan::hardest_models().
ModelSet hardest_models(const core::BuiltPlan& plan, const System& system, const Options& options,
                        std::int64_t count, std::uint64_t seed, const ContinueCallback& go_on);

/// What computes the models of a plan.
struct PlanEvaluators {
  std::unique_ptr<core::Evaluator> on_host;          ///< models in the host's memory
  std::unique_ptr<core::DeviceEvaluator> on_device;  ///< models in a device's; null unless cuda
};

/// The cpu, cuda or hybrid backend on a table, with the declared range guarded. Throws DeviceError
/// if a device does not start, InputError if one of ExecutionOptions::devices does not exist.
PlanEvaluators make_plan_evaluators(Backend backend, const core::BuiltPlan& plan,
                                    const System& system, const Options& options);

}  // namespace stratem::dispatch
