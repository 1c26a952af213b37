// Statistics of responses as a table.
#pragma once

#include <string>
#include <vector>

#include "stratem/statistics.hpp"
#include "stratem/system.hpp"

namespace stratem::io {

/// A heading, then a row for every gate: moment, time_s, p10, ..., mean, std. `text` formats
/// numbers.
std::vector<std::vector<std::string>> statistics_rows(const ResponseStatistics& statistics,
                                                      const System& system,
                                                      std::string (*text)(double));

}  // namespace stratem::io
