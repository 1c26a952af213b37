// The current of a moment as a function of all time: what changes it, and which pulse of a train
// begins last before a gate ends.
#pragma once

#include <vector>

#include "stratem/system.hpp"

namespace stratem::core {

/// The current, divided by its peak, changes by `step` evenly over [begin, end]; at once where
/// begin == end.
struct CurrentChange {
  double begin = 0.0;  ///< s
  double end = 0.0;    ///< s
  double step = 0.0;
  bool is_jump() const { return begin == end; }
};

/// What changes the current, in order of time. Without base_frequency the current is held beyond
/// the ends of the waveform. With it, these are the changes of the listed pulse, and no current
/// flows between pulses: it jumps from 0 to a first current that is not 0, and to 0 from such a
/// last one. A pulse that fills its half period jumps from the end of the pulse before it, which
/// has the opposite sign. An ideal step-off has no beginning: it is one step of -1 at t = 0.
std::vector<CurrentChange> current_changes(const Moment& moment);

/// Of the pulses n = ..., -1, 0 (the listed one), 1, ..., which begin to change the current n half
/// periods after the listed one and have its sign times (-1)^n, the last that begins before `time`.
/// 0 without base_frequency.
double last_pulse_before(const Moment& moment, double time);

/// Times of a moment with base_frequency that lie nearer to `time` than this, s, are the same:
/// half periods come from frequencies such as 222.22, and their last digits must not bring a jump
/// of the current into a gate that ends there. 0 without base_frequency.
double same_time(const Moment& moment, double time);

/// When the current changed last at `time`: the end of the last change that has ended, or the
/// beginning of the first where none has.
double last_change(const Moment& moment, double time);

}  // namespace stratem::core
