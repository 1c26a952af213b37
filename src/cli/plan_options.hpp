// The library's Options on the command line: names, help, defaults and bounds come from
// describe_options().
#pragma once

#include <vector>

#include "cli/arguments.hpp"
#include "stratem/options.hpp"

namespace stratem::cli {

std::vector<OptionSpec> plan_option_specs();

/// The options given, the rest at their defaults; checked.
Options read_plan_options(const Arguments& arguments);

}  // namespace stratem::cli
