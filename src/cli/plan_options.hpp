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

/// Declares what the models need from the plan where the arguments do not say it: their heights,
/// and polarizable layers, unless the tolerance is so small that the reference computes these.
/// Throws InputError if the heights have no upper bound.
void declare_needs(const ModelNeeds& needs, const Arguments& arguments, Options& options);

}  // namespace stratem::cli
