// The list of layers in the JSON of a prior or a grid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/json_reader.hpp"
#include "stratem/models.hpp"

namespace stratem::io {

/// How many layers an object stands for: its key "repeat", or 1.
inline std::size_t read_repeat(const JsonObject& object) {
  const auto repeat = object.optional_integer("repeat").value_or(1);
  if (repeat < 1 || repeat > max_layers) {
    object.fail("repeat", std::to_string(repeat), "1 to " + std::to_string(max_layers));
  }
  return static_cast<std::size_t>(repeat);
}

/// The layers listed under "layers", repeated ones singly; `read_layer` reads one object and must
/// know its key "repeat".
template <class Layer>
std::vector<Layer> read_layers(const JsonObject& parent, Layer (*read_layer)(const JsonObject&)) {
  std::vector<Layer> layers;
  for (const auto& object : parent.objects("layers")) {
    layers.insert(layers.end(), read_repeat(object), read_layer(object));
  }
  return layers;
}

}  // namespace stratem::io
