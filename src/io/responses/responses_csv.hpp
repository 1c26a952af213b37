// Responses as CSV, for small runs and spreadsheets.
#pragma once

#include <string>

#include "stratem/io.hpp"

namespace stratem::io {

/// Writes comment lines on the run and its gates, a header, then for each model its number (from
/// 0), status and responses. The numbers in the gates' comment lines are in the gates' columns.
std::string responses_to_csv(const Responses& responses, const ResponseAttributes& attributes);

}  // namespace stratem::io
