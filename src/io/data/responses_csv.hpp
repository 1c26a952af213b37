// Responses as CSV, for small runs and spreadsheets.
#pragma once

#include <string>

#include "stratem/io.hpp"

namespace stratem::io {

/// Comment lines on the run and its gates, a header, then for each model its number (from 0),
/// status and responses. The comment lines of gates have their numbers in the gates' columns.
std::string responses_to_csv(const Responses& responses, const ResponseAttributes& attributes);

}  // namespace stratem::io
