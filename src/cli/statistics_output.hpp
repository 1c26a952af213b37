// forward --stats-only: statistics in place of responses.
#pragma once

#include <memory>

#include "cli/arguments.hpp"
#include "cli/response_output.hpp"

namespace stratem::cli {

/// The option --stats-only, and the options of stats.
std::vector<OptionSpec> statistics_output_option_specs();

/// Gathers the statistics of all models; finish() prints them and writes the file of --stats-only.
std::unique_ptr<ResponseOutput> open_statistics_output(const Arguments& arguments, const Plan& plan,
                                                       const ModelSource& source);

}  // namespace stratem::cli
