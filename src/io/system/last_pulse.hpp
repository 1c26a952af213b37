// Waveform tables of other programs: up to a whole period, both polarities, reduced to the pulse
// before the gates.
#pragma once

#include <string>

#include "stratem/system.hpp"

namespace stratem::io {

struct LastPulse {
  Waveform waveform;
  bool was_reduced = false;  ///< the table also contained the opposite pulse
};

/// The pulse that the gates follow (or lie in), from a table of at most one period. Points without
/// current before the pulse and after it are dropped. A table longer than half a period of
/// `base_frequency` must contain two pulses of opposite sign and similar shape. They are separated
/// where the current between them is 0 or changes its sign, wherever that is, because files round
/// the distance between their pulses. The kept pulse is repeated after exactly half a period. A
/// table over a whole period may begin and end anywhere in the period and is cut in two halves.
/// Otherwise throws InputError "where: ...". `first_gate` is the time in s at which the first gate
/// opens. Times must increase (InputError).
LastPulse last_pulse(const Waveform& table, double base_frequency, double first_gate,
                     const std::string& where);

}  // namespace stratem::io
