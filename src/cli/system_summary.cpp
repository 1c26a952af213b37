#include "cli/system_summary.hpp"

#include <algorithm>
#include <string_view>

#include "cli/numbers.hpp"
#include "io/responses/response_words.hpp"

namespace stratem::cli {
namespace {

std::string line(std::string_view name, const std::string& value) {
  constexpr std::size_t name_width = 18;
  std::string text = "  " + std::string(name);
  text.resize(std::max(text.size() + 1, name_width), ' ');
  return text + value + "\n";
}

std::string describe(const Loop& loop) {
  if (const auto* circle = std::get_if<Circle>(&loop)) {
    return "circle, radius " + exact(circle->radius) + " m";
  }
  if (const auto* polygon = std::get_if<Polygon>(&loop)) {
    return "polygon of " + std::to_string(polygon->vertices.size()) + " corners, " +
           rounded(loop_area(loop)) + " m^2";
  }
  return "vertical dipole";
}

std::string place(const std::array<double, 2>& position, double height) {
  return "at x " + exact(position[0]) + " m, y " + exact(position[1]) + " m, height " +
         exact(height) + " m";
}

std::string sign(int polarity) { return polarity < 0 ? ", polarity -1" : ""; }

std::string describe(const Transmitter& transmitter) {
  return describe(transmitter.loop) + ", turns " + exact(transmitter.turns) + ", " +
         place(transmitter.position, transmitter.height) + sign(transmitter.polarity);
}

std::string describe(const Receiver& receiver) {
  constexpr std::string_view letters = "xyz";
  return std::string("component ") + letters[static_cast<std::size_t>(receiver.component)] + ", " +
         place(receiver.position, receiver.height) + sign(receiver.polarity);
}

std::string describe(const Waveform& waveform) {
  if (waveform.is_step_off()) return "step-off";
  return counted(static_cast<std::int64_t>(waveform.times.size()), "point") + ", " +
         exact(waveform.times.front()) + " to " + exact(waveform.times.back()) + " s";
}

std::string describe(const LowPass& filter) {
  const std::string text =
      "order " + std::to_string(filter.order) + ", " + exact(filter.cutoff) + " Hz";
  return filter.damping ? text + ", damping " + exact(*filter.damping) : text;
}

std::string describe(const std::vector<Gate>& gates) {
  const bool times =
      std::all_of(gates.begin(), gates.end(), [](const Gate& g) { return g.is_time(); });
  const auto count = static_cast<std::int64_t>(gates.size());
  std::string text = counted(count, times ? "time" : "gate");
  if (gates.empty()) return text;
  return text + ", " + exact(gates.front().open) + " to " + exact(gates.back().close) + " s";
}

std::string summary_of(const Moment& moment) {
  std::string text = "moment " + moment.name + "\n";
  for (const auto& transmitter : moment.transmitters)
    text += line("transmitter", describe(transmitter));
  for (const auto& receiver : moment.receivers) text += line("receiver", describe(receiver));
  text += line("quantity", moment.quantity == Quantity::dbdt ? "-dB/dt" : "B");
  text += line("waveform", describe(moment.waveform));
  if (moment.base_frequency) text += line("base frequency", exact(*moment.base_frequency) + " Hz");
  for (const auto& filter : moment.low_pass) text += line("low pass", describe(filter));
  text += line("gates", describe(moment.gates));
  if (moment.scale != 1.0) text += line("scale", exact(moment.scale));
  return text;
}

}  // namespace

std::string summary_of(const System& system) {
  std::string text = "system " + system.name + "\n";
  text += line("normalized by", system.normalization == Normalization::current
                                    ? "peak current"
                                    : "peak current and loop moment");
  text += line("heights", system.height_from_models
                              ? "relative to the first transmitter; every model needs its own"
                              : "above the ground");
  text += line("responses",
               counted(gate_count(system), "gate") + " in all, " + io::response_units(system));
  for (const auto& moment : system.moments) text += summary_of(moment);
  return text;
}

}  // namespace stratem::cli
