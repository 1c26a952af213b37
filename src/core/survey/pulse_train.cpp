#include "core/survey/pulse_train.hpp"

#include <algorithm>
#include <cmath>

namespace stratem::core {
namespace {

/// The largest difference of times that are treated as equal, relative to a half period and
/// relative to the time since t = 0. The second is needed because gates just after t = 0 may be far
/// shorter than the rounding error of a half period.
constexpr double same_in_half_period = 1e-9;
constexpr double same_in_time = 1e-6;

double half_period(const Moment& moment) { return 0.5 / *moment.base_frequency; }

double peak_of(const Waveform& waveform) {
  double peak = 0.0;
  for (const double current : waveform.currents) peak = std::max(peak, std::abs(current));
  return peak;
}

}  // namespace

double same_time(const Moment& moment, double time) {
  if (!moment.base_frequency) return 0.0;
  return std::min(same_in_half_period * half_period(moment), same_in_time * std::abs(time));
}

std::vector<CurrentChange> current_changes(const Moment& moment) {
  const Waveform& waveform = moment.waveform;
  if (waveform.is_step_off()) return {{0.0, 0.0, -1.0}};
  const auto& times = waveform.times;
  const auto& currents = waveform.currents;
  const double peak = peak_of(waveform);
  std::vector<CurrentChange> changes;
  const auto add = [&](double begin, double end, double change) {
    if (change != 0.0) changes.push_back({begin, end, change / peak});
  };
  const bool repeats = moment.base_frequency.has_value();
  const bool fills =
      repeats && times.back() - times.front() >= half_period(moment) * (1.0 - same_in_half_period);
  // Where pulses meet, two jumps at one time are added, so that they may cancel.
  if (repeats) add(times.front(), times.front(), currents.front() + (fills ? currents.back() : 0));
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    add(times[i], times[i + 1], currents[i + 1] - currents[i]);
  }
  if (repeats && !fills) add(times.back(), times.back(), -currents.back());
  return changes;
}

double last_pulse_before(const Moment& moment, double time) {
  if (!moment.base_frequency) return 0.0;
  const double begin = current_changes(moment).front().begin;
  return std::floor((time - same_time(moment, time) - begin) / half_period(moment));
}

double last_change(const Moment& moment, double time) {
  const auto changes = current_changes(moment);
  const double shift =
      moment.base_frequency ? last_pulse_before(moment, time) * half_period(moment) : 0.0;
  double last = changes.front().begin + shift;
  for (const auto& change : changes) {
    if (change.end + shift <= time) last = std::max(last, change.end + shift);
  }
  return last;
}

}  // namespace stratem::core
