// System to JSON text: short lists on one line, numbers with all their digits, defaults left out.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "base/text.hpp"
#include "io/system/system_json.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace io {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t line_width = 100;

std::string number_text(double number) {
  if (!std::isfinite(number)) {
    throw InputError("system: " + base::to_text(number) +
                     " cannot be written, allowed is a finite number");
  }
  // JSON readers take a bare -0 for an integer, and it would lose its sign.
  if (number == 0 && std::signbit(number)) return "-0.0";
  const double size = std::abs(number);
  const bool fixed_reads_well = size >= 1e-4 && size < 1e9;
  if (!fixed_reads_well) return base::to_text(number);
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

std::string scalar_text(const Json& value) {
  if (value.is_number_float()) return number_text(value.get<double>());
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string key_text(const std::string& key) { return scalar_text(Json(key)) + ": "; }

std::string one_line(const Json& value) {
  if (!value.is_structured()) return scalar_text(value);
  std::string text;
  for (const auto& [key, element] : value.items()) {
    text += text.empty() ? "" : ", ";
    text += (value.is_object() ? key_text(key) : "") + one_line(element);
  }
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

bool holds_objects(const Json& value) {
  return std::any_of(value.begin(), value.end(),
                     [](const Json& element) { return element.is_object(); });
}

/// Objects inside objects are easier to read on separate lines, however short they are.
bool is_flat(const Json& value) {
  if (value.is_object()) return !holds_objects(value);
  return std::none_of(value.begin(), value.end(), [](const Json& element) {
    return element.is_object() && holds_objects(element);
  });
}

/// The elements of a long list of numbers, as many on a line as fit.
std::string filled_lines(const Json& list, const std::string& indent) {
  std::string text = indent;
  std::size_t column = indent.size();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string element = one_line(list[i]) + (i + 1 < list.size() ? "," : "");
    const bool first_of_line = column == indent.size();
    if (!first_of_line && column + 1 + element.size() > line_width) {
      text += "\n" + indent;
      column = indent.size();
    } else if (!first_of_line) {
      text += " ";
      ++column;
    }
    text += element;
    column += element.size();
  }
  return text;
}

/// `used` is the number of characters on the line before the value.
std::string pretty(const Json& value, std::size_t depth, std::size_t used) {
  if (!value.is_structured() || value.empty()) return one_line(value);
  if (is_flat(value)) {
    auto line = one_line(value);
    if (used + line.size() < line_width) return line;
  }
  const std::string indent(2 * (depth + 1), ' ');
  const std::string end = "\n" + std::string(2 * depth, ' ');
  if (value.is_array() && !holds_objects(value)) {
    return "[\n" + filled_lines(value, indent) + end + "]";
  }
  std::string text;
  for (const auto& [key, element] : value.items()) {
    const std::string start = indent + (value.is_object() ? key_text(key) : "");
    text += (text.empty() ? "\n" : ",\n") + start + pretty(element, depth + 1, start.size());
  }
  return value.is_object() ? "{" + text + end + "}" : "[" + text + end + "]";
}

struct LoopWriter {
  Json operator()(const Circle& circle) const {
    return {{"type", "circle"}, {"radius", circle.radius}};
  }
  Json operator()(const Polygon& polygon) const {
    Json json{{"type", "polygon"}};
    json["vertices"] = polygon.vertices;
    return json;
  }
  Json operator()(const Dipole&) const { return Json{{"type", "dipole"}}; }
};

Json write(const Transmitter& transmitter) {
  Json json;
  json["loop"] = std::visit(LoopWriter(), transmitter.loop);
  if (transmitter.position[0] != 0 || transmitter.position[1] != 0 ||
      std::signbit(transmitter.position[0]) || std::signbit(transmitter.position[1])) {
    json["position"] = transmitter.position;
  }
  json["height"] = transmitter.height;
  json["turns"] = transmitter.turns;
  if (transmitter.polarity != 1) json["polarity"] = transmitter.polarity;
  return json;
}

Json write(const Receiver& receiver) {
  Json json;
  json["position"] = receiver.position;
  json["height"] = receiver.height;
  json["component"] = word_of(component_words, receiver.component);
  if (receiver.polarity != 1) json["polarity"] = receiver.polarity;
  return json;
}

template <class Part>
Json write_one_or_list(const std::vector<Part>& parts) {
  if (parts.size() == 1) return write(parts[0]);
  Json list = Json::array();
  for (const auto& part : parts) list.push_back(write(part));
  return list;
}

Json write(const Waveform& waveform) {
  if (waveform.is_step_off()) return "step_off";
  return {{"times", waveform.times}, {"currents", waveform.currents}};
}

Json write(const LowPass& filter) {
  Json json{{"cutoff", filter.cutoff}, {"order", filter.order}};
  if (filter.damping) json["damping"] = *filter.damping;
  return json;
}

void write_gates(const Moment& moment, Json& json) {
  std::vector<double> open;
  std::vector<double> close;
  for (const auto& gate : moment.gates) {
    open.push_back(gate.open);
    close.push_back(gate.close);
  }
  if (has_plain_times(moment)) {
    json["times"] = open;
  } else {
    json["gates"] = {{"open", open}, {"close", close}};
  }
}

void write_metadata(const Metadata& metadata, Json& json) {
  if (metadata.empty()) return;
  auto& object = json["metadata"];
  for (const auto& [key, value] : metadata) {
    std::visit([&, &name = key](const auto& fact) { object[name] = fact; }, value);
  }
}

Json write(const Moment& moment) {
  Json json;
  json["name"] = moment.name;
  json["transmitter"] = write_one_or_list(moment.transmitters);
  json["receiver"] = write_one_or_list(moment.receivers);
  json["quantity"] = word_of(quantity_words, moment.quantity);
  json["waveform"] = write(moment.waveform);
  if (moment.base_frequency) json["base_frequency"] = *moment.base_frequency;
  for (const auto& filter : moment.low_pass) json["low_pass"].push_back(write(filter));
  write_gates(moment, json);
  if (moment.scale != 1) json["scale"] = moment.scale;
  write_metadata(moment.metadata, json);
  return json;
}

}  // namespace
}  // namespace io

std::string to_json(const System& system) {
  io::Json json;
  json["name"] = system.name;
  json["moments"] = io::Json::array();
  for (const auto& moment : system.moments) json["moments"].push_back(io::write(moment));
  json["normalization"] = io::word_of(io::normalization_words, system.normalization);
  if (system.height_from_models) json["height_from_models"] = true;
  io::write_metadata(system.metadata, json);
  return io::pretty(json, 0, 0) + "\n";
}

}  // namespace stratem
