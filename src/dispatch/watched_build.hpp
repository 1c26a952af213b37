// Builds a plan in a thread of its own, and reports the progress to the caller.
#pragma once

#include <functional>

#include "core/plan/build_monitor.hpp"
#include "core/plan/builder.hpp"
#include "stratem/plan.hpp"

namespace stratem::dispatch {

/// Calls `build`. With a callback, `build` runs in another thread, and this thread calls `progress`
/// at once, then ten times a second, and at the end. Throws CancelledError after the callback has
/// returned false, and what `build` or the callback throws; `build` has ended then.
core::BuiltPlan watched_build(const std::function<core::BuiltPlan(core::BuildMonitor&)>& build,
                              const PlanCallback& progress);

}  // namespace stratem::dispatch
