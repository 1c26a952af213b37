// The library's Options on the command line: names, help, defaults and bounds come from
// describe_options().
#pragma once

#include <vector>

#include "cli/arguments.hpp"
#include "stratem/model_source.hpp"
#include "stratem/options.hpp"

namespace stratem::cli {

std::vector<OptionSpec> plan_option_specs();

/// Reads the options that are given; the rest have their defaults. The result is checked.
Options read_plan_options(const Arguments& arguments);

/// Declares the models' heights and polarizable layers in the options, unless the arguments do so.
/// Polarizable layers are not declared if the tolerance is so small that the reference computes
/// them. Throws InputError if the heights have no upper bound.
void declare_needs(const ModelNeeds& needs, const Arguments& arguments, Options& options);

}  // namespace stratem::cli
