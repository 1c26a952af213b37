// The list of layers in the JSON of a prior or a grid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

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
  object.reject_unknown_keys({"resistivity", "thickness", "depth", "chargeability", "time_constant",
                              "exponent", "repeat"});
  const auto optional = [&](const char* key, auto& value) {
    if (object.has(key)) value = read(object, key);
  };
  Layer layer;
  layer.resistivity = read(object, "resistivity");
  optional("thickness", layer.thickness);
  optional("depth", layer.depth);
  optional("chargeability", layer.chargeability);
  optional("time_constant", layer.time_constant);
  optional("exponent", layer.exponent);
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
