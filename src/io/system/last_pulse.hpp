// Waveform tables of other programs: a whole period, both polarities, reduced to the pulse before
// the gates.
#pragma once

#include <optional>
#include <string>

#include "stratem/system.hpp"

namespace stratem::io {

struct LastPulse {
  Waveform waveform;
  bool was_reduced = false;  ///< the table held the opposite pulse too
};

/// The pulse that the gates follow (or lie in), of a table of at most one period. Repeated points
/// of equal current at its ends are dropped: the current is held there anyhow. A table longer than
/// half a period of `base_frequency` must hold two pulses of opposite sign and like shape;
/// otherwise throws InputError "where: ...". `first_gate` is the time in s at which the first gate
/// opens. Times must increase (InputError).
LastPulse last_pulse(const Waveform& table, std::optional<double> base_frequency, double first_gate,
                     const std::string& where);

}  // namespace stratem::io
