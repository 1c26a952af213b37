// The library's Options on the command line: names, help, defaults and bounds come from
// describe_options().
#pragma once

#include <vector>

#include "cli/arguments.hpp"
#include "stratem/model_source.hpp"
#include "stratem/options.hpp"

namespace stratem::cli {

std::vector<OptionSpec> plan_option_specs();

/// The options given, the rest at their defaults; checked.
Options read_plan_options(const Arguments& arguments);

/// Declares what the models need of the plan, where no option says it: polarizable layers, unless
/// the tolerance is one at which the reference is asked to compute them, and their heights. Throws
/// InputError if these have no upper end.
void declare_needs(const ModelNeeds& needs, Options& options);

}  // namespace stratem::cli
