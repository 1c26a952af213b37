#include "io/system/last_pulse.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

/// Instruments round their pulse spacing (2.381 ms for half a period of 210 Hz) and list the
/// earlier pulse with fewer points: pulses may differ by this fraction of their area.
constexpr double shape_tolerance = 0.1;
/// The same where the kept pulse begins or ends with a current that is not 0, because the table may
/// have cut it.
constexpr double shape_tolerance_at_jumps = 0.01;
/// Pulses, and the distance between them, may differ from half a period by this fraction, for the
/// same reason.
constexpr double rounded_spacing = 0.01;
/// The same for a pulse without the one before it, and for a whole period.
constexpr double rounded_length = 1e-4;
/// Halves of a period that differ by less than this are opposites of each other, whatever the
/// currents at their ends.
constexpr double rounded_numbers = 1e-6;
/// Times that are closer than this fraction of a period are treated as the same point.
constexpr double same_time = 1e-9;

double span(const Waveform& waveform) {
  return waveform.times.empty() ? 0.0 : waveform.times.back() - waveform.times.front();
}

double between(const Waveform& waveform, std::size_t next, double time) {
  const auto& [times, currents] = waveform;
  const double part = (time - times[next - 1]) / (times[next] - times[next - 1]);
  return currents[next - 1] + part * (currents[next] - currents[next - 1]);
}

/// The current at a time within the waveform.
double current_at(const Waveform& waveform, double time) {
  const auto& times = waveform.times;
  if (time <= times.front()) return waveform.currents.front();
  if (time >= times.back()) return waveform.currents.back();
  const auto next = std::upper_bound(times.begin(), times.end(), time) - times.begin();
  return between(waveform, static_cast<std::size_t>(next), time);
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

/// Drops points with no current: all before the last such point ahead of the pulse, and all after
/// the first such point that follows it. At least two points are kept.
Waveform without_zeros_at_ends(const Waveform& table) {
  const auto& currents = table.currents;
  std::size_t first = 0;
  std::size_t last = currents.size();
  while (first + 2 < last && currents[first] == 0 && currents[first + 1] == 0) ++first;
  while (last > first + 2 && currents[last - 1] == 0 && currents[last - 2] == 0) --last;
  const auto from = static_cast<std::ptrdiff_t>(first);
  const auto to = static_cast<std::ptrdiff_t>(last);
  return {{table.times.begin() + from, table.times.begin() + to},
          {currents.begin() + from, currents.begin() + to}};
}

/// Two pulses of a table, and the time at which the later one begins.
struct Pulses {
  Waveform earlier, later;
  double boundary = 0.0;
};

/// Area between the later pulse and the negative of the earlier one shifted by `distance`, as a
/// fraction of the later pulse's. No current flows beyond their ends.
double difference_at(const Pulses& pulses, double distance) {
  const auto& [earlier, later, boundary] = pulses;
  std::vector<double> times = later.times;
  for (const double time : earlier.times) times.push_back(time + distance);
  std::sort(times.begin(), times.end());
  const auto within = [](const Waveform& pulse, double time) {
    return time > pulse.times.front() && time < pulse.times.back() ? current_at(pulse, time) : 0.0;
  };
  double difference = 0.0;
  double area = 0.0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    // Sample inside, where jumps at the ends of a pulse do not matter.
    const double width = times[i] - times[i - 1];
    for (const double part : {0.25, 0.75}) {
      const double time = times[i - 1] + part * width;
      const double current = within(later, time);
      difference += 0.5 * width * std::abs(current + within(earlier, time - distance));
      area += 0.5 * width * std::abs(current);
    }
  }
  return difference / area;
}

/// The difference at half a period. If the distance of the pulses is nearly that, they are also
/// compared with their ends on each other, and the smaller difference counts: a rounded distance
/// must not make two short pulses seem different.
double shape_difference(const Pulses& pulses, double half_period) {
  const double difference = difference_at(pulses, half_period);
  const double distance = pulses.later.times.back() - pulses.earlier.times.back();
  if (!(std::abs(distance - half_period) <= rounded_spacing * half_period)) return difference;
  const double aligned = difference_at(pulses, distance);
  return aligned < difference ? aligned : difference;
}

void check_times(const Waveform& table, const std::string& where) {
  for (std::size_t i = 1; i < table.times.size(); ++i) {
    if (table.times[i] > table.times[i - 1]) continue;
    throw InputError(where + ": time " + base::to_text(table.times[i]) + " of point " +
                     std::to_string(i + 1) + ", allowed is above the time before it, " +
                     base::to_text(table.times[i - 1]));
  }
}

/// The table up to `end` and from `begin` on, where its current is 0.
Pulses divided(const Waveform& table, double end, double begin) {
  Pulses pulses{cut(table, table.times.front(), end), cut(table, begin, table.times.back()), begin};
  pulses.earlier.currents.back() = 0.0;
  pulses.later.currents.front() = 0.0;
  return pulses;
}

/// The table cut in two, at every place where no current flows or its sign changes.
std::vector<Pulses> divisions(const Waveform& table, double half_period) {
  const auto& times = table.times;
  const auto& currents = table.currents;
  const double longest = half_period * (1 + rounded_spacing);
  std::vector<Pulses> result;
  const auto add = [&](double end, double begin) {
    if (end - times.front() > longest || times.back() - begin > longest) return;
    result.push_back(divided(table, end, begin));
  };
  std::size_t first_zero = 0;
  for (std::size_t i = 1; i + 1 < times.size(); ++i) {
    if (currents[i] == 0) {
      if (currents[i - 1] != 0) first_zero = i;
      if (currents[i + 1] != 0 && first_zero > 0) add(times[first_zero], times[i]);
    } else if (currents[i] * currents[i + 1] < 0) {
      const double part = currents[i] / (currents[i] - currents[i + 1]);
      const double crossing = times[i] + part * (times[i + 1] - times[i]);
      if (crossing > times[i] && crossing < times[i + 1]) add(crossing, crossing);
    }
  }
  return result;
}

bool changes_sign(const Waveform& waveform) {
  const auto [least, most] = std::ranges::minmax(waveform.currents);
  return least < 0 && most > 0;
}

/// The halves of a table over a whole period, if they differ by no more than `allowed`.
std::optional<Pulses> halves(const Waveform& table, double half_period, double allowed) {
  if (std::abs(span(table) / (2 * half_period) - 1) > rounded_length) return std::nullopt;
  const double middle = table.times.back() - half_period;
  Pulses pulses{cut(table, table.times.front(), middle), cut(table, middle, table.times.back()),
                middle};
  if (!(difference_at(pulses, half_period) <= allowed)) return std::nullopt;
  return pulses;
}

bool begins_and_ends_at_zero(const Waveform& waveform) {
  return waveform.currents.front() == 0 && waveform.currents.back() == 0;
}

/// Removes the part that began more than half a period before the end of a pulse, because it
/// overlaps with the pulse before it.
Waveform at_most(double half_period, const Waveform& pulse) {
  if (span(pulse) <= half_period * (1 + same_time)) return pulse;
  return cut(pulse, pulse.times.back() - half_period, pulse.times.back());
}

/// The pulse that the gates follow or lie in.
const Waveform& kept(const Pulses& pulses, double first_gate, double half_period) {
  const bool gates_follow_later = pulses.boundary <= first_gate + same_time * half_period;
  return gates_follow_later ? pulses.later : pulses.earlier;
}

std::string percent(double fraction) {
  return base::to_text(std::round(1000 * fraction) / 10) + " %";
}

/// The two most similar pulses of a table. Throws InputError if they are not similar enough.
Pulses opposite_pulses(const Waveform& table, double first_gate, double half_period,
                       const std::string& where) {
  const auto all = divisions(table, half_period);
  const Pulses* best = nullptr;
  double least = 0.0;
  for (const auto& pulses : all) {
    const double difference = shape_difference(pulses, half_period);
    if (best != nullptr && !(difference < least)) continue;
    best = &pulses;
    least = difference;
  }
  const bool complete =
      best == nullptr || begins_and_ends_at_zero(kept(*best, first_gate, half_period));
  const double allowed = complete ? shape_tolerance : shape_tolerance_at_jumps;
  if (best != nullptr && least <= allowed) return *best;
  if (auto period = halves(table, half_period, shape_tolerance_at_jumps)) return *period;
  if (best == nullptr) {
    throw InputError(where + ": points over " + base::to_text(span(table)) +
                     " s, allowed is at most half a period of the base frequency, " +
                     base::to_text(half_period) + " s, or two pulses of opposite sign");
  }
  throw InputError(where + ": the pulse before " + base::to_text(best->boundary) +
                   " s is not the opposite of the one after it (difference " + percent(least) +
                   " of its area), allowed is a difference of " + percent(allowed));
}

}  // namespace

LastPulse last_pulse(const Waveform& table, double base_frequency, double first_gate,
                     const std::string& where) {
  check_times(table, where);
  const double half = 0.5 / base_frequency;
  if (const auto period = halves(table, half, rounded_numbers);
      period && !begins_and_ends_at_zero(table)) {
    return {kept(*period, first_gate, half), true};
  }
  const Waveform bare = without_zeros_at_ends(table);
  if (span(bare) <= half * (1 + rounded_length) && !changes_sign(bare)) {
    return {at_most(half, bare), false};
  }
  if (span(bare) <= half * (1 + same_time)) return {bare, false};
  if (span(bare) > 2 * half * (1 + rounded_spacing)) {
    throw InputError(where + ": points over " + base::to_text(span(bare)) +
                     " s, allowed is at most one period of the base frequency, " +
                     base::to_text(2 * half) + " s");
  }
  const auto pulses = opposite_pulses(bare, first_gate, half, where);
  return {at_most(half, kept(pulses, first_gate, half)), true};
}

}  // namespace stratem::io
