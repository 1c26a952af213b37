// check(System) checks everything that the solvers rely on. Key paths in messages are those of the
// JSON file.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <variant>

#include "base/check_failure.hpp"
#include "core/survey/geometry_check.hpp"
#include "core/survey/pulse_train.hpp"
#include "stratem/system.hpp"

namespace stratem {
namespace {

using base::reject;
using base::require;
using base::to_text;

constexpr int most_filter_sections = 16;
/// Half periods come from frequencies such as 222.22: their last digits must not reject a gate that
/// ends with them.
constexpr double half_period_slack = 1e-9;
/// If moments cancel to less than this fraction, their sum is only rounding error and cannot be
/// divided by.
constexpr double cancelled = 1e-12;

std::string indexed(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

double half_period(double base_frequency) { return 0.5 / base_frequency; }

void check_waveform_times(const Waveform& waveform, const std::string& path) {
  for (std::size_t i = 0; i < waveform.times.size(); ++i) {
    base::require(std::isfinite(waveform.times[i]), indexed(path, i), waveform.times[i],
                  "a finite number");
    if (i > 0 && !(waveform.times[i] > waveform.times[i - 1])) {
      base::reject(indexed(path, i), base::to_text(waveform.times[i]),
                   "above the time before it, " + base::to_text(waveform.times[i - 1]));
    }
  }
}

/// With a base frequency, a constant current is a pulse that begins and ends with jumps.
void check_waveform(const Waveform& waveform, bool repeats, const std::string& path) {
  const auto& times = waveform.times;
  const auto& currents = waveform.currents;
  if (currents.size() != times.size()) {
    base::reject(path + ".currents", std::to_string(currents.size()) + " numbers",
                 std::to_string(times.size()) + ", as many as times");
  }
  if (waveform.is_step_off()) return;
  if (times.size() < 2) base::reject(path + ".times", "1 point", "at least 2");
  check_waveform_times(waveform, path + ".times");
  for (std::size_t i = 0; i < currents.size(); ++i) {
    base::require(std::isfinite(currents[i]), indexed(path + ".currents", i), currents[i],
                  "a finite number");
  }
  const bool changes =
      std::any_of(currents.begin(), currents.end(), [&](double i) { return i != currents[0]; });
  if (!changes && !(repeats && currents[0] != 0)) {
    base::reject(path + ".currents", "all " + base::to_text(currents[0]), "a current that changes");
  }
}

void check_base_frequency(const Moment& moment, const std::string& path) {
  if (!moment.base_frequency) return;
  const double frequency = *moment.base_frequency;
  base::require(std::isfinite(frequency) && frequency > 0 &&
                    std::isfinite(half_period(frequency)) && half_period(frequency) > 0,
                path + ".base_frequency", frequency, "above 0 and finite");
  if (moment.waveform.is_step_off()) return;
  const auto& times = moment.waveform.times;
  const double span = times.back() - times.front();
  const double half = half_period(frequency);
  base::require(span <= half * (1 + half_period_slack), path + ".waveform.times: span", span,
                "at most half a period of base_frequency, " + base::to_text(half));
}

/// Key paths of a gate's ends; plain times are written as one list "times".
struct GatePaths {
  std::string open;
  std::string close;
};

GatePaths gate_paths(const Moment& moment, const std::string& path) {
  const bool plain_times = std::all_of(moment.gates.begin(), moment.gates.end(),
                                       [](const Gate& gate) { return gate.is_time(); });
  if (plain_times) return {path + ".times", path + ".times"};
  return {path + ".gates.open", path + ".gates.close"};
}

void check_gates(const Moment& moment, const std::string& path) {
  if (moment.gates.empty()) base::reject(path + ".gates", "none", "at least one");
  const auto paths = gate_paths(moment, path);
  for (std::size_t i = 0; i < moment.gates.size(); ++i) {
    const auto [open, close] = moment.gates[i];
    base::require(std::isfinite(open) && open > 0, indexed(paths.open, i), open,
                  "above 0 and finite");
    if (!(std::isfinite(close) && close >= open)) {
      base::reject(indexed(paths.close, i), base::to_text(close),
                   "at or after the gate's open, " + base::to_text(open) + ", and finite");
    }
    if (!moment.base_frequency) continue;
    const double half = half_period(*moment.base_frequency);
    base::require(close <= half * (1 + half_period_slack), indexed(paths.close, i), close,
                  "at most half a period of base_frequency, " + base::to_text(half));
  }
}

/// -dB/dt of a jump of the current is infinite at its time. Rounding would decide whether a gate
/// that opens there includes it. A filter makes it finite.
void check_jumps(const Moment& moment, const std::string& path) {
  if (!moment.base_frequency || !moment.low_pass.empty()) return;
  const auto paths = gate_paths(moment, path);
  const double half = half_period(*moment.base_frequency);
  for (const auto& change : core::current_changes(moment)) {
    if (!change.is_jump()) continue;
    for (std::size_t i = 0; i < moment.gates.size(); ++i) {
      const auto& gate = moment.gates[i];
      if (moment.quantity == Quantity::b && !gate.is_time()) continue;
      const double distance = std::remainder(gate.open - change.end, half);
      base::require(
          std::abs(distance) > core::same_time(moment, gate.open), indexed(paths.open, i),
          gate.open,
          "before or after the jump of the current at waveform time " + base::to_text(change.end));
    }
  }
}

void check_filter(const LowPass& filter, const std::string& path) {
  base::require(std::isfinite(filter.cutoff) && filter.cutoff > 0, path + ".cutoff", filter.cutoff,
                "above 0 and finite");
  if (!filter.damping) {
    if (filter.order < 1 || filter.order > most_filter_sections) {
      base::reject(path + ".order", std::to_string(filter.order),
                   "1 to " + std::to_string(most_filter_sections));
    }
    return;
  }
  base::require(std::isfinite(*filter.damping) && *filter.damping > 0, path + ".damping",
                *filter.damping, "above 0 and finite");
  if (filter.order != 2) {
    base::reject(path + ".order", std::to_string(filter.order), "2 with damping");
  }
}

void check_filters(const Moment& moment, const std::string& path) {
  int sections = 0;
  for (std::size_t i = 0; i < moment.low_pass.size(); ++i) {
    check_filter(moment.low_pass[i], indexed(path, i));
    if (!moment.low_pass[i].damping) sections += moment.low_pass[i].order;
    if (sections > most_filter_sections) {
      base::reject(indexed(path, i) + ".order",
                   std::to_string(sections) + " first-order sections in all",
                   "at most " + std::to_string(most_filter_sections));
    }
  }
}

void check_metadata(const Metadata& metadata, const std::string& path) {
  for (const auto& [key, value] : metadata) {
    if (const auto* number = std::get_if<double>(&value)) {
      base::require(std::isfinite(*number), path + "." + key, *number, "a finite number or a text");
    }
  }
}

void check_normalization(const Moment& moment, const std::string& path) {
  double sum = 0.0;
  double largest = 0.0;
  for (const auto& transmitter : moment.transmitters) {
    const double moment_per_ampere = transmitter.turns * loop_area(transmitter.loop);
    sum += transmitter.polarity * moment_per_ampere;
    largest += moment_per_ampere;
  }
  if (!(std::isfinite(largest) && std::abs(sum) > cancelled * largest)) {
    base::reject(path + ".transmitter: moment of all loops together", base::to_text(sum),
                 "not 0 and finite where normalization is \"moment\"");
  }
}

void check_moment(const Moment& moment, const std::string& path, const System& system) {
  core::check_geometry(moment, path, system.height_from_models);
  check_waveform(moment.waveform, moment.base_frequency.has_value(), path + ".waveform");
  check_base_frequency(moment, path);
  check_filters(moment, path + ".low_pass");
  check_gates(moment, path);
  check_jumps(moment, path);
  base::require(std::isfinite(moment.scale) && moment.scale != 0, path + ".scale", moment.scale,
                "not 0 and finite");
  check_metadata(moment.metadata, path + ".metadata");
  if (system.normalization == Normalization::moment) check_normalization(moment, path);
}

}  // namespace

void check(const System& system) {
  if (system.moments.empty()) base::reject("moments", "none", "at least one");
  for (std::size_t i = 0; i < system.moments.size(); ++i) {
    check_moment(system.moments[i], indexed("moments", i), system);
  }
  if (system.height_from_models) {
    const auto& first = system.moments[0].transmitters;
    base::require(first[0].height == 0,
                  core::element_path("moments[0].transmitter", 0, first.size()) + ".height",
                  first[0].height, "0 where heights come from the models");
  }
  check_metadata(system.metadata, "metadata");
}

std::int64_t gate_count(const System& system) {
  std::int64_t count = 0;
  for (const auto& moment : system.moments) count += std::ssize(moment.gates);
  return count;
}

}  // namespace stratem
