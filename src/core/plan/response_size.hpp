// What a response's error is measured against.
#pragma once

#include <vector>

#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// A time for each gate of a system that says where on a decay it is: from the end of the last
/// change of current before the gate closes to the gate's centre, s.
std::vector<double> gate_times(const System& system);

/// Sizes [models x gates] that errors are relative to: the response itself, or, where it changes
/// sign or grows with time, the largest one of the same moment within half a decade of time.
std::vector<double> response_sizes(const System& system, const Responses& responses);

}  // namespace stratem::core
