#include "io/system/last_pulse.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "core/text.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

/// Instruments round their pulse spacing (2.381 ms for half a period of 210 Hz) and list the
/// earlier pulse with fewer points: pulses may differ by this fraction of their area.
constexpr double shape_tolerance = 0.1;
/// Tables may be longer than one period by this fraction, for the same reason.
constexpr double period_slack = 0.01;
/// Times closer than this fraction of a period are the same point.
constexpr double same_time = 1e-9;

double span(const Waveform& waveform) {
  return waveform.times.empty() ? 0.0 : waveform.times.back() - waveform.times.front();
}

/// The current at a time, held beyond the ends.
double current_at(const Waveform& waveform, double time) {
  const auto& times = waveform.times;
  if (time <= times.front()) return waveform.currents.front();
  if (time >= times.back()) return waveform.currents.back();
  const auto next =
      static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time) - times.begin());
  const double part = (time - times[next - 1]) / (times[next] - times[next - 1]);
  return waveform.currents[next - 1] +
         part * (waveform.currents[next] - waveform.currents[next - 1]);
}

/// The part of a table within [first, last], with points at both ends if the table reaches them.
Waveform cut(const Waveform& table, double first, double last) {
  const double closest = same_time * (last - first);
  Waveform part;
  const auto add = [&part](double time, double current) {
    part.times.push_back(time);
    part.currents.push_back(current);
  };
  if (first > table.times.front() + closest) add(first, current_at(table, first));
  for (std::size_t i = 0; i < table.times.size(); ++i) {
    const double time = table.times[i];
    if (time < first - closest || time > last + closest) continue;
    // A point of the table that falls on the cut takes its place.
    if (!part.times.empty() && time - part.times.back() <= closest) {
      part.times.back() = time;
      part.currents.back() = table.currents[i];
    } else {
      add(time, table.currents[i]);
    }
  }
  if (last < table.times.back() - closest && part.times.back() < last - closest) {
    add(last, current_at(table, last));
  }
  return part;
}

Waveform without_held_ends(const Waveform& table) {
  const auto& currents = table.currents;
  std::size_t first = 0;
  std::size_t last = currents.size();
  while (first + 2 < last && currents[first] == currents[first + 1]) ++first;
  while (last > first + 2 && currents[last - 1] == currents[last - 2]) --last;
  const auto from = static_cast<std::ptrdiff_t>(first);
  const auto to = static_cast<std::ptrdiff_t>(last);
  return {{table.times.begin() + from, table.times.begin() + to},
          {currents.begin() + from, currents.begin() + to}};
}

/// Area between the later pulse and the negative of the earlier one shifted by half a period, as a
/// fraction of the later pulse's.
double shape_difference(const Waveform& earlier, const Waveform& later, double half_period) {
  std::vector<double> times = later.times;
  for (const double time : earlier.times) times.push_back(time + half_period);
  std::sort(times.begin(), times.end());
  const auto sum = [&](double time) {
    return std::abs(current_at(later, time) + current_at(earlier, time - half_period));
  };
  const auto size = [&](double time) { return std::abs(current_at(later, time)); };
  double difference = 0.0;
  double area = 0.0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double width = 0.5 * (times[i] - times[i - 1]);
    difference += width * (sum(times[i]) + sum(times[i - 1]));
    area += width * (size(times[i]) + size(times[i - 1]));
  }
  return difference / area;
}

void check_times(const Waveform& table, const std::string& where) {
  for (std::size_t i = 1; i < table.times.size(); ++i) {
    if (table.times[i] > table.times[i - 1]) continue;
    throw InputError(where + ": time " + core::to_text(table.times[i]) + " of point " +
                     std::to_string(i + 1) + ", allowed is above the time before it, " +
                     core::to_text(table.times[i - 1]));
  }
}

}  // namespace

LastPulse last_pulse(const Waveform& table, std::optional<double> base_frequency, double first_gate,
                     const std::string& where) {
  check_times(table, where);
  const Waveform bare = without_held_ends(table);
  if (!base_frequency) return {bare, false};
  const double half = 0.5 / *base_frequency;
  if (!(span(bare) > half * (1 + same_time))) return {bare, false};
  if (span(table) > 2 * half * (1 + period_slack)) {
    throw InputError(where + ": points over " + core::to_text(span(table)) +
                     " s, allowed is at most one period of the base frequency, " +
                     core::to_text(2 * half) + " s");
  }
  const double end = table.times.back();
  const double boundary = end - half;
  const auto earlier = cut(table, boundary - half * (1 + 2 * period_slack), boundary);
  const auto later = cut(table, boundary, end);
  const double difference = shape_difference(earlier, later, half);
  if (!(difference <= shape_tolerance)) {
    throw InputError(where + ": the pulse before " + core::to_text(boundary) +
                     " s is not the opposite of the one after it (difference " +
                     core::to_text(std::round(1000 * difference) / 10) +
                     " % of its area), allowed is a difference of 10 %");
  }
  const bool gates_follow_later = boundary <= first_gate + same_time * half;
  return {without_held_ends(gates_follow_later ? later : earlier), true};
}

}  // namespace stratem::io
