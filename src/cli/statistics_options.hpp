// The options, and the table, that stats and forward --stats-only share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "stratem/io.hpp"
#include "stratem/statistics.hpp"

namespace stratem::cli {

struct StatisticsOptions {
  std::vector<double> percentiles;
  std::int64_t memory = 0;  ///< bytes
};

/// The options --percentiles and --memory.
std::vector<OptionSpec> statistics_option_specs();

/// Reads the options that are given; the rest have their defaults. The result is checked.
StatisticsOptions read_statistics_options(const Arguments& arguments);

/// Prints a line on the ensemble, and a table with a row for every gate.
std::string statistics_text(const ResponseStatistics& statistics,
                            const ResponseAttributes& attributes);

}  // namespace stratem::cli
