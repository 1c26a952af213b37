// Work that takes long, done in a thread of its own while the caller is asked whether it is to go
// on.
#pragma once

#include <functional>

#include "core/plan/build_monitor.hpp"
#include "core/plan/builder.hpp"
#include "stratem/plan.hpp"

namespace stratem::dispatch {

/// Calls `work` in another thread. This thread asks `go_on` at first and then ten times a second,
/// and cancels the monitor when it returns false. Without `go_on`, this thread calls `work`. Throws
/// CancelledError if `go_on` returned false, and what `work` or `go_on` throws; `work` has ended
/// then.
void watched(core::BuildMonitor& monitor, const ContinueCallback& go_on,
             const std::function<void()>& work);

/// Calls `build` as watched() does, and reports its progress, which is 1 in the last call.
core::BuiltPlan watched_build(const std::function<core::BuiltPlan(core::BuildMonitor&)>& build,
                              const PlanCallback& progress);

}  // namespace stratem::dispatch
