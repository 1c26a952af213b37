// The current of a moment at all times: its changes, and which pulse of a train begins last before
// a gate ends.
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

/// The changes of the current, in order of time. Without base_frequency the current is constant
/// before and after the waveform. With it, these are the changes of the listed pulse, and no
/// current flows between pulses: if the first current is not 0, the current jumps to it from 0, and
/// if the last is not 0, the current jumps to 0. If a pulse fills its half period, the current
/// jumps from the end of the pulse before it, which has the opposite sign. An ideal step-off has no
/// beginning: it is one step of -1 at t = 0.
std::vector<CurrentChange> current_changes(const Moment& moment);

/// Pulses are numbered n = ..., -1, 0 (the listed one), 1, ... Pulse n begins to change the current
/// n half periods after the listed one and has its sign times (-1)^n. Returns the number of the
/// last pulse that begins before `time`; 0 without base_frequency.
double last_pulse_before(const Moment& moment, double time);

/// Times of a moment with base_frequency that lie nearer to `time` than this, s, are treated as
/// equal. Half periods come from frequencies such as 222.22, and their last digits must not move a
/// jump of the current into a gate that ends there. 0 without base_frequency.
double same_time(const Moment& moment, double time);

/// The time of the last change of current before `time`: the end of the last change that has ended,
/// or the beginning of the first if none has.
double last_change(const Moment& moment, double time);

}  // namespace stratem::core
