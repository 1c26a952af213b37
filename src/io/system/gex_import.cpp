// Aarhus Workbench .gex to System. Positions in the file: x forward, y right, z down.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "io/system/checked.hpp"
#include "io/system/gex_file.hpp"
#include "io/system/gex_keys.hpp"
#include "io/system/imports.hpp"
#include "io/system/last_pulse.hpp"

namespace stratem::io {
namespace {

using base::to_text;

constexpr double rectangle_type = 7;
constexpr double polygon_type = 72;
/// A polygon whose area differs from TxLoopArea by more than this is worth a note.
constexpr double area_difference = 1e-3;
/// After this number of time constants a first-order filter has forgotten its input before the
/// blanking ended.
constexpr double settling_time_constants = 5;

/// One import: the sections of the file, the caller's geometry, and the notes for the user.
class GexImport {
 public:
  GexImport(const std::vector<GexSection>& sections, std::string origin,
            const ImportOptions& options)
      : sections_(sections), origin_(std::move(origin)), options_(options) {
    for (const auto& section : sections_) {
      if (section.name() == "General") {
        general_ = &section;
      } else if (section.name().starts_with("Channel")) {
        channels_.push_back(&section);
      } else {
        section.place().fail("section [" + section.name() +
                             "], allowed is [General] and [Channel1], [Channel2], ...");
      }
    }
    const FilePosition file{origin_, 0};
    if (general_ == nullptr) file.fail("section [General] is missing");
    if (channels_.empty()) file.fail("section [Channel1] is missing");
  }

  SystemFile run();

 private:
  Moment moment(const GexSection& channel);
  std::string moment_name(const GexSection& channel) const;
  std::optional<std::string> transmitter_moment(const GexSection& channel) const;
  std::string key_for_moment(const std::string& before, const GexSection& channel,
                             const std::string& after) const;
  Loop loop();
  Loop polygon();
  Transmitter transmitter(const GexSection& channel);
  Receiver receiver(const GexSection& channel) const;
  std::vector<LowPass> filters(const GexSection& channel) const;
  std::vector<Gate> gates(const GexSection& channel) const;
  Waveform waveform(const GexSection& channel, const Moment& moment);
  Metadata metadata(const GexSection& channel) const;
  void note_front_gate(const GexSection& channel, const Moment& moment);
  void refuse_unsupported(const GexSection& channel) const;

  /// Numbers of a position key, z turned upwards; [0, 0, 0] if it is not given and need not be.
  std::array<double, 3> position(const std::string& key, bool required) const;
  /// Index of the receiver coil of a channel, for RxCoilPosition1, RxCoilLPFilter1, ...
  std::string coil(const GexSection& channel) const;
  void note(const std::string& text) {
    if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(text);
  }

  const std::vector<GexSection>& sections_;
  std::string origin_;
  const ImportOptions& options_;
  const GexSection* general_ = nullptr;
  std::vector<const GexSection*> channels_;
  std::vector<std::string> notes_;
};

std::string whole_number(std::size_t number) { return std::to_string(number); }

std::array<double, 3> GexImport::position(const std::string& key, bool required) const {
  if (!required && !general_->has(key)) return {0, 0, 0};
  const auto numbers = general_->numbers(key, 3);
  return {numbers[0], numbers[1], -numbers[2]};
}

std::string GexImport::coil(const GexSection& channel) const {
  return channel.has("RxCoilNumber") ? whole_number(channel.count("RxCoilNumber")) : "1";
}

std::optional<std::string> GexImport::transmitter_moment(const GexSection& channel) const {
  return channel.has("TransmitterMoment") ? std::optional(channel.text("TransmitterMoment"))
                                          : std::nullopt;
}

/// The key before + moment + after if the file has keys for the channel's own moment, otherwise
/// before + after.
std::string GexImport::key_for_moment(const std::string& before, const GexSection& channel,
                                      const std::string& after) const {
  if (const auto moment = transmitter_moment(channel)) {
    std::string own = before + *moment + after;
    if (general_->has(own) || general_->count_numbered(own) > 0) return own;
  }
  return before + after;
}

std::string GexImport::moment_name(const GexSection& channel) const {
  const auto own = transmitter_moment(channel);
  if (!own) return channel.name();
  const auto same = std::count_if(channels_.begin(), channels_.end(), [&](const auto* other) {
    return transmitter_moment(*other) == own;
  });
  return same == 1 ? *own : *own + " " + channel.text("ReceiverPolarizationXYZ");
}

Loop GexImport::polygon() {
  Polygon polygon;
  for (const auto& row : general_->rows("TxLoopPoint", 2)) {
    polygon.vertices.push_back({row[0], row[1]});
  }
  if (polygon.vertices.empty()) general_->place().fail("key \"TxLoopPoint1\" is missing");
  if (const auto area = general_->optional_number("TxLoopArea")) {
    const double own_area = loop_area(polygon);
    if (std::abs(own_area - *area) > area_difference * own_area) {
      note("TxLoopArea: " + to_text(*area) + " m^2 is not used: the corners enclose " +
           to_text(own_area) + " m^2");
    }
  }
  return polygon;
}

Loop GexImport::loop() {
  const auto type = general_->optional_number("LoopType");
  if (type && *type != rectangle_type && *type != polygon_type) {
    general_->place_of("LoopType")
        .fail("LoopType: " + to_text(*type) +
              ", allowed is 7 (rectangle, TxLoopSides), 72 (polygon, TxLoopPoint1, ...) or no "
              "LoopType "
              "(circle, TxLoopArea)");
  }
  if (type == polygon_type || (!type && general_->count_numbered("TxLoopPoint") > 0))
    return polygon();
  if (type == rectangle_type || general_->has("TxLoopSides")) {
    const auto sides = general_->numbers("TxLoopSides", 2);
    const double x = 0.5 * sides[0];
    const double y = 0.5 * sides[1];
    return Polygon{{{x, y}, {-x, y}, {-x, -y}, {x, -y}}};
  }
  const double area = general_->number("TxLoopArea");
  if (!(area > 0)) {
    general_->place_of("TxLoopArea").fail("TxLoopArea: " + to_text(area) + ", allowed is above 0");
  }
  return Circle{std::sqrt(area / std::numbers::pi)};
}

Transmitter GexImport::transmitter(const GexSection& channel) {
  const auto place = position("TxCoilPosition1", false);
  Transmitter transmitter;
  transmitter.loop = loop();
  transmitter.position = {place[0], place[1]};
  transmitter.height = options_.transmitter_height.value_or(0.0);
  transmitter.turns = general_->number(key_for_moment("NumberOfTurns", channel, ""));
  return transmitter;
}

Receiver GexImport::receiver(const GexSection& channel) const {
  const auto transmitter_place = position("TxCoilPosition1", false);
  const auto place = position("RxCoilPosition" + coil(channel), true);
  Receiver receiver;
  receiver.position = {place[0], place[1]};
  receiver.height = options_.transmitter_height.value_or(0.0) + place[2] - transmitter_place[2];
  const std::string key = "ReceiverPolarizationXYZ";
  const std::string axis = base::lower_case(channel.text(key));
  if (axis != "x" && axis != "y" && axis != "z") {
    channel.place_of(key).fail(key + ": " + base::in_quotes(channel.text(key)) +
                               ", allowed is X, Y or Z");
  }
  receiver.component = axis == "x" ? Component::x : axis == "y" ? Component::y : Component::z;
  return receiver;
}

/// The coil, then the receiver's own filter.
std::vector<LowPass> GexImport::filters(const GexSection& channel) const {
  std::vector<LowPass> filters;
  const std::string coil_key = "RxCoilLPFilter" + coil(channel);
  if (general_->has(coil_key)) {
    const auto numbers = general_->numbers(coil_key, 2);
    filters.push_back({numbers[1], 2, numbers[0]});
  }
  const std::string key = "TiBLowPassFilter";
  if (!channel.has(key)) return filters;
  const auto numbers = channel.numbers(key, 2);
  if (numbers[0] == -1) return filters;
  if (!(numbers[0] >= 1 && numbers[0] <= 16 && std::trunc(numbers[0]) == numbers[0])) {
    channel.place_of(key).fail(key + ": order " + to_text(numbers[0]) +
                               ", allowed is 1 to 16, or -1 for no filter");
  }
  filters.push_back({numbers[1], static_cast<int>(numbers[0]), std::nullopt});
  return filters;
}

/// A sum of decimal numbers as people write it, 1.843e-05 rather than 1.8429999999999998e-05.
double as_decimal(double sum) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), sum, std::chars_format::scientific, 12);
  double rounded = sum;
  std::from_chars(text.data(), end.ptr, rounded);
  return rounded;
}

std::vector<Gate> GexImport::gates(const GexSection& channel) const {
  const std::string stem = key_for_moment("GateTime", channel, "");
  const auto rows = general_->rows(stem, 3);
  const auto used = channel.count("NoGates");
  const auto removed = channel.count("RemoveInitialGates");
  if (used > rows.size()) {
    channel.place_of("NoGates").fail("NoGates: " + whole_number(used) + ", allowed is at most " +
                                     whole_number(rows.size()) + ", the number of " + stem +
                                     " lines");
  }
  if (removed >= used) {
    channel.place_of("RemoveInitialGates")
        .fail("RemoveInitialGates: " + whole_number(removed) + ", allowed is below NoGates, " +
              whole_number(used));
  }
  const double shift = channel.optional_number("MeaTimeDelay").value_or(0.0) +
                       channel.optional_number("GateTimeShift").value_or(0.0);
  std::vector<Gate> gates;
  for (std::size_t i = options_.all_gates ? 0 : removed; i < used; ++i) {
    gates.push_back({as_decimal(rows[i][1] + shift), as_decimal(rows[i][2] + shift)});
  }
  return gates;
}

Waveform GexImport::waveform(const GexSection& channel, const Moment& moment) {
  const std::string stem = key_for_moment("Waveform", channel, "Point");
  Waveform table;
  for (const auto& row : general_->rows(stem, 2)) {
    table.times.push_back(row[0]);
    table.currents.push_back(row[1]);
  }
  if (table.times.empty())
    general_->place().fail("[General]: key " + base::in_quotes(stem + "1") + " is missing");
  const auto pulse =
      last_pulse(table, *moment.base_frequency, moment.gates.front().open, origin_ + ": " + stem);
  if (pulse.was_reduced) {
    note(moment.name + ": " + stem +
         " holds the previous pulse of opposite sign; the last pulse is kept and "
         "repeated with alternating sign at RepFreq");
  }
  return pulse.waveform;
}

Metadata GexImport::metadata(const GexSection& channel) const {
  constexpr std::array<std::pair<std::string_view, const char*>, 4> facts{
      {{"GateFactor", "gate_factor"},
       {"UniformDataSTD", "uniform_data_std"},
       {"TxApproximateCurrent", "approximate_current"},
       {"FrontGateTime", "front_gate_time"}}};
  Metadata metadata;
  for (const auto& [key, name] : facts) {
    if (const auto value = channel.optional_number(std::string(key))) metadata[name] = *value;
  }
  return metadata;
}

void GexImport::note_front_gate(const GexSection& channel, const Moment& moment) {
  const auto front_gate = channel.optional_number("FrontGateTime");
  if (!front_gate || moment.low_pass.empty() || moment.low_pass.back().damping) return;
  const double settled = *front_gate + settling_time_constants /
                                           (2 * std::numbers::pi * moment.low_pass.back().cutoff);
  const auto unsettled = std::count_if(moment.gates.begin(), moment.gates.end(),
                                       [&](const Gate& gate) { return gate.open < settled; });
  if (unsettled == 0) return;
  note(moment.name + ": FrontGateTime " + to_text(*front_gate) +
       " s is not modelled: " + std::to_string(unsettled) +
       " gates open before the receiver's filter has settled from it, until " + to_text(settled) +
       " s");
}

void GexImport::refuse_unsupported(const GexSection& channel) const {
  const std::string key = "SystemResponseConvolution";
  if (channel.optional_number(key).value_or(0.0) != 0.0) {
    channel.place_of(key).fail(
        key + ": a measured system response (.sr2) is not supported, allowed is 0");
  }
}

Moment GexImport::moment(const GexSection& channel) {
  refuse_unsupported(channel);
  Moment moment;
  moment.name = moment_name(channel);
  moment.transmitters = {transmitter(channel)};
  moment.receivers = {receiver(channel)};
  moment.low_pass = filters(channel);
  moment.gates = gates(channel);
  const double frequency = channel.number("RepFreq");
  if (!(frequency > 0)) {
    channel.place_of("RepFreq").fail("RepFreq: " + to_text(frequency) + ", allowed is above 0");
  }
  moment.base_frequency = frequency;
  moment.waveform = waveform(channel, moment);
  moment.metadata = metadata(channel);
  note_front_gate(channel, moment);
  return moment;
}

SystemFile GexImport::run() {
  SystemFile file;
  file.system.name = general_->optional_text("Description").value_or("");
  file.system.normalization = Normalization::moment;
  file.system.height_from_models = !options_.transmitter_height.has_value();
  for (const auto* channel : channels_) file.system.moments.push_back(moment(*channel));
  if (const auto unused = harmless_unused_keys(sections_); !unused.empty()) {
    note("read, not used: " + unused);
  }
  file.notes = std::move(notes_);
  file.system = checked(std::move(file.system), origin_);
  return file;
}

}  // namespace

SystemFile system_from_gex(const std::string& text, const std::string& origin,
                           const ImportOptions& options) {
  const auto sections = parse_gex(text, origin);
  return GexImport(sections, origin, options).run();
}

}  // namespace stratem::io
