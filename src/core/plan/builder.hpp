// Computes the table of a Plan: windows, nodes and weights, and measures the table's error.
#pragma once

#include <functional>

#include "core/plan/build_monitor.hpp"
#include "core/plan/plan_table.hpp"
#include "stratem/options.hpp"
#include "stratem/plan.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The functions of backends that the builder needs. Both are called with checked models.
struct PlanBackends {
  std::function<Responses(const ModelSet&)> truth;
  std::function<Responses(const PlanTable&, const ModelSet&)> fast;
};

struct BuiltPlan {
  PlanTable table;
  PlanTable finer;  ///< in double precision, with a small part of the table's error
  PlanAccuracy accuracy;
};

/// Fits windows until searches find no error above a part of the tolerance. If the tolerance cannot
/// be kept, throws an InputError that names one that can: plans with larger tolerances are built
/// until one succeeds. Throws CancelledError if the monitor is told to cancel.
BuiltPlan build_plan(const System& system, const Options& options, const PlanBackends& backends,
                     BuildMonitor& monitor);
BuiltPlan build_plan(const System& system, const Options& options, const PlanBackends& backends);

}  // namespace stratem::core
