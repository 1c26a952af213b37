// GA-AEM .stm to System. GA-AEM's distances are x forward, y left, z up. The sign of its secondary
// field is the opposite of ours in every component. Receivers therefore get polarity -1, so that
// responses have the signs that GA-AEM prints. Its dB/dt is minus the derivative of its field, as
// ours is.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "io/system/checked.hpp"
#include "io/system/imports.hpp"
#include "io/system/last_pulse.hpp"
#include "io/system/stm_file.hpp"

namespace stratem::io {
namespace {

using base::to_text;

void reject_unknown(const StmBlock& system) {
  system.reject_unknown({"Name", "Type"}, {"Transmitter", "Receiver", "ForwardModelling"}, false);
  system.block("Transmitter")
      .reject_unknown({"NumberOfTurns", "PeakCurrent", "LoopArea", "BaseFrequency",
                       "WaveformDigitisingFrequency"},
                      {"WaveformCurrent", "WaveformReceived", "WaveformdIdT"}, false);
  system.block("Receiver")
      .reject_unknown({"NumberOfWindows", "WindowWeightingScheme", "TimeShift"},
                      {"WindowTimes", "LowPassFilter"}, false);
  system.block("ForwardModelling")
      .reject_unknown({"ModellingLoopRadius", "OutputType", "SaveDiagnosticFiles", "XOutputScaling",
                       "YOutputScaling", "ZOutputScaling", "SecondaryFieldNormalisation",
                       "FrequenciesPerDecade", "NumberOfAbsiccaInHankelTransformEvaluation"},
                      {}, false);
}

/// The value of a key that must be one of a few words, in lower case.
std::string word(const StmBlock& block, std::string_view key,
                 std::initializer_list<std::string_view> allowed) {
  const std::string found = block.text(key);
  std::string list;
  for (const auto candidate : allowed) {
    if (base::lower_case(found) == base::lower_case(candidate)) return base::lower_case(found);
    list += (list.empty() ? "" : " or ") + std::string(candidate);
  }
  block.place_of(key).fail(block.name() + "." + std::string(key) + ": " + base::in_quotes(found) +
                           " is not supported, allowed is " + list);
}

double positive(const StmBlock& block, std::string_view key) {
  const double number = block.number(key);
  if (!(number > 0)) {
    block.place_of(key).fail(block.name() + "." + std::string(key) + ": " + to_text(number) +
                             ", allowed is above 0");
  }
  return number;
}

std::vector<Gate> read_gates(const StmBlock& receiver) {
  word(receiver, "WindowWeightingScheme", {"AreaUnderCurve", "Boxcar"});
  const double shift = receiver.optional_number("TimeShift").value_or(0.0);
  std::vector<Gate> gates;
  for (const auto& row : receiver.block("WindowTimes").table(2)) {
    gates.push_back({row[0] + shift, row[1] + shift});
  }
  const double count = receiver.number("NumberOfWindows");
  if (count != static_cast<double>(gates.size())) {
    receiver.place_of("NumberOfWindows")
        .fail("Receiver.NumberOfWindows: " + to_text(count) + ", allowed is " +
              std::to_string(gates.size()) + ", the number of rows in WindowTimes");
  }
  return gates;
}

std::vector<LowPass> read_filters(const StmBlock& receiver) {
  std::vector<LowPass> filters;
  if (!receiver.has_block("LowPassFilter")) return filters;
  const auto& block = receiver.block("LowPassFilter");
  block.reject_unknown({"CutOffFrequency", "Order"}, {}, false);
  const auto cutoffs = block.numbers("CutOffFrequency");
  const auto orders = block.numbers("Order");
  if (cutoffs.size() != orders.size()) {
    block.place_of("Order").fail("LowPassFilter.Order: " + std::to_string(orders.size()) +
                                 " numbers, allowed is " + std::to_string(cutoffs.size()) +
                                 ", as many as CutOffFrequency");
  }
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (!(orders[i] >= 1 && orders[i] <= 16 && std::trunc(orders[i]) == orders[i])) {
      block.place_of("Order").fail("LowPassFilter.Order: " + to_text(orders[i]) +
                                   ", allowed is 1 to 16");
    }
    filters.push_back({cutoffs[i], static_cast<int>(orders[i]), std::nullopt});
  }
  return filters;
}

Waveform read_table(const StmBlock& transmitter) {
  for (const auto* other : {"WaveformReceived", "WaveformdIdT"}) {
    if (!transmitter.has_block(other)) continue;
    const auto& block = transmitter.block(other);
    block.place().fail("Transmitter: block " + base::in_quotes(block.name()) +
                       " is not supported, allowed is WaveFormCurrent");
  }
  Waveform table;
  for (const auto& row : transmitter.block("WaveformCurrent").table(2)) {
    table.times.push_back(row[0]);
    table.currents.push_back(row[1]);
  }
  return table;
}

double peak(const Waveform& waveform) {
  double peak = 0.0;
  for (const double current : waveform.currents) peak = std::max(peak, std::abs(current));
  return peak;
}

std::string letter(Component component) {
  return component == Component::x ? "X" : component == Component::y ? "Y" : "Z";
}

/// Adds the caller's geometry: the file contains neither the height nor the position of the
/// receiver.
void add_geometry(const ImportOptions& options, const std::optional<double>& loop_radius,
                  const std::string& origin, Moment& moment) {
  if (!options.receiver) {
    FilePosition{origin, 0}.fail(
        "a .stm file has no geometry: the receiver's position is missing, allowed is --receiver "
        "dx,dy,dz from the transmitter, with --transmitter-height H or heights in the models");
  }
  Transmitter transmitter;
  if (loop_radius.value_or(0.0) == 0.0) {
    transmitter.loop = Dipole{};
  } else {
    transmitter.loop = Circle{*loop_radius};
  }
  transmitter.height = options.transmitter_height.value_or(0.0);
  Receiver receiver;
  receiver.position = {(*options.receiver)[0], (*options.receiver)[1]};
  receiver.height = transmitter.height + (*options.receiver)[2];
  receiver.polarity = -1;
  moment.transmitters = {transmitter};
  moment.receivers = {receiver};
}

void note_unused(const StmBlock& transmitter, const StmBlock& modelling,
                 std::vector<std::string>& notes) {
  std::string text;
  const auto add = [&text](const StmBlock& block, std::string_view key) {
    if (block.has(key)) text += (text.empty() ? "" : ", ") + std::string(key);
  };
  add(transmitter, "WaveformDigitisingFrequency");
  add(modelling, "FrequenciesPerDecade");
  add(modelling, "NumberOfAbsiccaInHankelTransformEvaluation");
  add(modelling, "SaveDiagnosticFiles");
  if (!text.empty()) notes.push_back("read, not used: " + text);
}

/// The members that all components share.
Moment read_moment(const StmBlock& system, const ImportOptions& options, const std::string& origin,
                   std::vector<std::string>& notes) {
  const auto& transmitter = system.block("Transmitter");
  const auto& modelling = system.block("ForwardModelling");
  Moment moment;
  moment.name = system.optional_text("Name").value_or("");
  moment.quantity =
      word(modelling, "OutputType", {"dB/dt", "B"}) == "b" ? Quantity::b : Quantity::dbdt;
  moment.base_frequency = positive(transmitter, "BaseFrequency");
  moment.gates = read_gates(system.block("Receiver"));
  moment.low_pass = read_filters(system.block("Receiver"));
  add_geometry(options, modelling.optional_number("ModellingLoopRadius"), origin, moment);
  const auto table = read_table(transmitter);
  auto pulse = last_pulse(table, *moment.base_frequency, moment.gates.front().open,
                          origin + ": WaveFormCurrent");
  moment.waveform = std::move(pulse.waveform);
  if (pulse.was_reduced) {
    notes.push_back("WaveFormCurrent holds a whole period; the half from " +
                    to_text(moment.waveform.times.front()) + " s to " +
                    to_text(moment.waveform.times.back()) +
                    " s is kept and repeated with alternating sign");
  }
  return moment;
}

/// GA-AEM multiplies the field of a unit moment by turns, area and peak current, and by the
/// waveform's own numbers. Here responses are divided by the waveform's peak, turns and area.
double unit_scale(const StmBlock& transmitter, const Waveform& waveform) {
  return positive(transmitter, "PeakCurrent") * positive(transmitter, "NumberOfTurns") *
         positive(transmitter, "LoopArea") * peak(waveform);
}

void check_components(const std::vector<Component>& components, const std::string& origin) {
  if (components.empty()) FilePosition{origin, 0}.fail("components: none, allowed is x, y, z");
  for (std::size_t i = 0; i < components.size(); ++i) {
    if (std::count(components.begin(), components.end(), components[i]) > 1) {
      FilePosition{origin, 0}.fail("components: " + letter(components[i]) +
                                   " twice, allowed is once");
    }
  }
}

}  // namespace

SystemFile system_from_stm(const std::string& text, const std::string& origin,
                           const ImportOptions& options) {
  const StmBlock system = parse_stm(text, "System", origin);
  reject_unknown(system);
  word(system, "Type", {"Time Domain"});
  check_components(options.components, origin);
  const auto& transmitter = system.block("Transmitter");
  const auto& modelling = system.block("ForwardModelling");
  if (modelling.has("SecondaryFieldNormalisation")) {
    word(modelling, "SecondaryFieldNormalisation", {"none"});
  }

  SystemFile file;
  const Moment shared = read_moment(system, options, origin, file.notes);
  const double scale = unit_scale(transmitter, shared.waveform);
  for (const auto component : options.components) {
    const std::string key = letter(component) + "OutputScaling";
    Moment moment = shared;
    if (options.components.size() > 1) moment.name = letter(component);
    moment.receivers[0].component = component;
    moment.scale = modelling.number(key) * scale;
    if (moment.scale == 0) {
      modelling.place_of(key).fail("ForwardModelling." + key + ": " +
                                   to_text(modelling.number(key)) +
                                   ", allowed is not 0 for a component that is asked for");
    }
    file.notes.push_back(letter(component) + ": scale " + to_text(moment.scale) + " = " + key +
                         " x PeakCurrent x NumberOfTurns x LoopArea x the waveform's peak, on "
                         "responses per unit moment");
    file.system.moments.push_back(std::move(moment));
  }
  file.notes.emplace_back(
      "signs are those that GA-AEM prints, the opposite of a field with z up: polarity -1 of the "
      "receiver");
  note_unused(transmitter, modelling, file.notes);
  file.system.name = shared.name;
  file.system.normalization = Normalization::moment;
  file.system.height_from_models = !options.transmitter_height.has_value();
  file.system = checked(std::move(file.system), origin);
  return file;
}

}  // namespace stratem::io
