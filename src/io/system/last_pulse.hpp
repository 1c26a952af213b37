// Waveform tables of other programs: up to a whole period, both polarities, reduced to the pulse
// before the gates.
#pragma once

#include <string>

#include "stratem/system.hpp"

namespace stratem::io {

struct LastPulse {
  Waveform waveform;
  bool was_reduced = false;  ///< the table held the opposite pulse too
};

/// The pulse that the gates follow (or lie in), of a table of at most one period. Points without
/// current ahead of the pulse and after it are dropped. A table longer than half a period of
/// `base_frequency` must hold two pulses of opposite sign and like shape; they are told apart where
/// the current is 0 between them or changes its sign, wherever that is, since files round the
/// distance of their pulses. What is kept comes again after exactly half a period. A table over a
/// whole period, which may begin and end anywhere in it, is cut in two halves. Otherwise throws
/// InputError "where: ...". `first_gate` is the time in s at which the first gate opens. Times must
/// increase (InputError).
LastPulse last_pulse(const Waveform& table, double base_frequency, double first_gate,
                     const std::string& where);

}  // namespace stratem::io
