// The list of layers in the JSON of a prior or a grid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sampling/layer_parameters.hpp"
#include "io/json_reader.hpp"
#include "stratem/models.hpp"

namespace stratem::io {

/// How many layers an object represents: its key "repeat", or 1.
inline std::size_t read_repeat(const JsonObject& object) {
  const auto repeat = object.optional_integer("repeat").value_or(1);
  if (repeat < 1 || repeat > max_layers) {
    object.fail("repeat", std::to_string(repeat), "1 to " + std::to_string(max_layers));
  }
  return static_cast<std::size_t>(repeat);
}

/// Reads one layer. `read` converts each of its keys except "repeat" to the layer's member; only
/// resistivity is required.
template <class Layer, class Read>
Layer read_layer(const JsonObject& object, Read read) {
  std::vector<std::string_view> known;
  core::for_each_layer_parameter(
      [&](const auto& parameter) { known.push_back(parameter.array.name); });
  known.push_back("repeat");
  object.reject_unknown_keys(known);
  Layer layer;
  core::for_each_layer_parameter([&](const auto& parameter) {
    const std::string_view key = parameter.array.name;
    if (parameter.array.required() || object.has(key)) parameter.of(layer) = read(object, key);
  });
  return layer;
}

/// The layers listed under "layers"; repeated layers are listed as often as they occur.
template <class Layer, class Read>
std::vector<Layer> read_layers(const JsonObject& parent, Read read) {
  std::vector<Layer> layers;
  for (const auto& object : parent.objects("layers")) {
    layers.insert(layers.end(), read_repeat(object), read_layer<Layer>(object, read));
  }
  return layers;
}

}  // namespace stratem::io
