#include "cli/make_plan.hpp"

#include "cli/interruption.hpp"
#include "cli/progress.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {

Plan make_plan(const System& system, const Options& options, bool quiet) try {
  const Interruption interruption;
  Progress progress(!quiet);
  Plan plan(system, options, [&](const PlanProgress& now) {
    progress.show(now);
    return !interruption.asked();
  });
  if (interruption.asked()) throw CancelledError("");  // while it came from the cache
  return plan;
} catch (const CancelledError&) {
  throw CancelledError("interrupted before the plan was complete; nothing is kept of it");
}

}  // namespace stratem::cli
