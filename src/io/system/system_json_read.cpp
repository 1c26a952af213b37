// JSON text to System.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "io/json_reader.hpp"
#include "io/system/checked.hpp"
#include "io/system/system_json.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace io {
namespace {

template <class Enum, std::size_t count>
Enum read_word(const JsonObject& object, std::string_view key, const Words<Enum, count>& words) {
  const std::string found = object.string(key);
  std::string allowed;
  for (const auto& [value, word] : words) {
    if (word == found) return value;
    allowed += (allowed.empty() ? "\"" : " or \"") + std::string(word) + "\"";
  }
  object.fail(key, nlohmann::json(found).dump(), allowed);
}

/// A whole number that fits an int; check() decides which values are allowed.
int read_small_integer(const JsonObject& object, std::string_view key, int if_missing) {
  const auto number = object.optional_integer(key);
  if (!number) return if_missing;
  if (*number < INT16_MIN || *number > INT16_MAX) {
    object.fail(key, std::to_string(*number), "a small whole number");
  }
  return static_cast<int>(*number);
}

Loop read_loop(const JsonObject& object) {
  const std::string type = object.string("type");
  if (type == "circle") {
    object.reject_unknown_keys({"type", "radius"});
    return Circle{object.number("radius")};
  }
  if (type == "polygon") {
    object.reject_unknown_keys({"type", "vertices"});
    return Polygon{object.pairs("vertices")};
  }
  if (type == "dipole") {
    object.reject_unknown_keys({"type"});
    return Dipole{};
  }
  object.fail("type", nlohmann::json(type).dump(), "\"circle\", \"polygon\" or \"dipole\"");
}

Transmitter read_transmitter(const JsonObject& object) {
  object.reject_unknown_keys({"loop", "position", "height", "turns", "polarity"});
  Transmitter transmitter;
  transmitter.loop = read_loop(object.object("loop"));
  if (object.has("position")) transmitter.position = object.pair("position");
  transmitter.height = object.number("height");
  transmitter.turns = object.optional_number("turns").value_or(1.0);
  transmitter.polarity = read_small_integer(object, "polarity", 1);
  return transmitter;
}

Receiver read_receiver(const JsonObject& object) {
  object.reject_unknown_keys({"position", "height", "component", "polarity"});
  Receiver receiver;
  receiver.position = object.pair("position");
  receiver.height = object.number("height");
  if (object.has("component")) receiver.component = read_word(object, "component", component_words);
  receiver.polarity = read_small_integer(object, "polarity", 1);
  return receiver;
}

Waveform read_waveform(const JsonObject& moment) {
  const auto& value = moment.value("waveform");
  if (value == "step_off") return {};
  if (!value.is_object()) {
    moment.fail("waveform", value.is_string() ? value.dump() : "a value of another kind",
                "\"step_off\" or {\"times\": [...], \"currents\": [...]}");
  }
  const auto object = moment.object("waveform");
  object.reject_unknown_keys({"times", "currents"});
  Waveform waveform{object.numbers("times"), object.numbers("currents")};
  // An empty list must not turn into a step-off, which is a waveform without points.
  if (waveform.times.empty()) object.fail("times", "no points", "at least 2");
  return waveform;
}

LowPass read_low_pass(const JsonObject& object) {
  object.reject_unknown_keys({"cutoff", "order", "damping"});
  LowPass filter;
  filter.cutoff = object.number("cutoff");
  filter.damping = object.optional_number("damping");
  filter.order = read_small_integer(object, "order", filter.damping ? 2 : 1);
  return filter;
}

std::vector<Gate> read_windows(const JsonObject& gates) {
  gates.reject_unknown_keys({"open", "close"});
  const auto open = gates.numbers("open");
  const auto close = gates.numbers("close");
  if (open.size() != close.size()) {
    gates.fail("close", std::to_string(close.size()) + " numbers",
               std::to_string(open.size()) + ", as many as open");
  }
  std::vector<Gate> result;
  result.reserve(open.size());
  for (std::size_t i = 0; i < open.size(); ++i) result.push_back({open[i], close[i]});
  return result;
}

std::vector<Gate> read_gates(const JsonObject& moment) {
  if (moment.has("gates") == moment.has("times")) {
    moment.fail("gates",
                moment.has("gates") ? "given beside \"times\"" : "missing, and so is \"times\"",
                "one of \"gates\" and \"times\"");
  }
  if (moment.has("gates")) return read_windows(moment.object("gates"));
  std::vector<Gate> result;
  for (const double time : moment.numbers("times")) result.push_back({time, time});
  return result;
}

Metadata read_metadata(const JsonObject& parent) {
  Metadata metadata;
  const auto object = parent.optional_object("metadata");
  if (!object) return metadata;
  for (const auto& [key, value] : parent.value("metadata").items()) {
    if (value.is_number()) {
      metadata[key] = value.get<double>();
    } else if (value.is_string()) {
      metadata[key] = value.get<std::string>();
    } else {
      object->fail(key, "a value of another kind", "a number or a text");
    }
  }
  return metadata;
}

Moment read_moment(const JsonObject& object) {
  object.reject_unknown_keys({"name", "transmitter", "receiver", "quantity", "waveform",
                              "base_frequency", "low_pass", "gates", "times", "scale", "metadata"});
  Moment moment;
  moment.name = object.optional_string("name").value_or("");
  for (const auto& part : object.object_or_objects("transmitter")) {
    moment.transmitters.push_back(read_transmitter(part));
  }
  for (const auto& part : object.object_or_objects("receiver")) {
    moment.receivers.push_back(read_receiver(part));
  }
  moment.quantity = read_word(object, "quantity", quantity_words);
  moment.waveform = read_waveform(object);
  moment.base_frequency = object.optional_number("base_frequency");
  if (object.has("low_pass")) {
    for (const auto& filter : object.objects("low_pass")) {
      moment.low_pass.push_back(read_low_pass(filter));
    }
  }
  moment.gates = read_gates(object);
  moment.scale = object.optional_number("scale").value_or(1.0);
  moment.metadata = read_metadata(object);
  return moment;
}

System read_system_object(const JsonObject& object) {
  object.reject_unknown_keys(
      {"name", "moments", "normalization", "height_from_models", "metadata"});
  System system;
  system.name = object.optional_string("name").value_or("");
  for (const auto& moment : object.objects("moments")) {
    system.moments.push_back(read_moment(moment));
  }
  if (object.has("normalization")) {
    system.normalization = read_word(object, "normalization", normalization_words);
  }
  system.height_from_models = object.optional_boolean("height_from_models").value_or(false);
  system.metadata = read_metadata(object);
  return system;
}

}  // namespace
}  // namespace io

System system_from_json(const std::string& text, const std::string& origin) {
  const auto json = io::parse_json(text, origin);
  return io::checked(io::read_system_object(io::JsonObject(json, origin)), origin);
}

}  // namespace stratem
