// Compares two backends' responses to the same models.
#pragma once

#include "stratem/responses.hpp"
#include "stratem/system.hpp"
#include "stratem/validate.hpp"

namespace stratem::dispatch {

/// Compares responses with the expected ones. Fills in all members except backend, against and
/// allowed. At most `most_named` models are named, by their row. Models whose status in `tested` is
/// out_of_range are left out if `skip_out_of_range`. Responses to models that failed are not
/// compared. If only one of the two failed, the difference is infinite; it is also infinite if a
/// response of `tested` is not finite.
Comparison compare(const System& system, const Responses& tested, const Responses& truth,
                   bool skip_out_of_range, std::int64_t most_named);

}  // namespace stratem::dispatch
