// Two backends' responses to the same models, compared.
#pragma once

#include "stratem/responses.hpp"
#include "stratem/system.hpp"
#include "stratem/validate.hpp"

namespace stratem::core {

/// Compares responses with what they should be; fills in all but backend, against and allowed.
/// `most_named` models at most are named, by their row. Models that `tested` says are out of range
/// are left out if `skip_out_of_range`. Responses to models that failed are not compared, but if
/// only one of the two failed that is an infinite difference, and so is a response of `tested` that
/// is not finite.
Comparison compare(const System& system, const Responses& tested, const Responses& truth,
                   bool skip_out_of_range, std::int64_t most_named);

}  // namespace stratem::core
