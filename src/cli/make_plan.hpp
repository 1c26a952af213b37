// Plans for verbs, with their progress shown.
#pragma once

#include "stratem/plan.hpp"

namespace stratem::cli {

/// Builds a plan or takes it from the cache. Shows how far it is unless `quiet`. Throws
/// CancelledError if the user stops it.
Plan make_plan(const System& system, const Options& options, bool quiet = false);

}  // namespace stratem::cli
