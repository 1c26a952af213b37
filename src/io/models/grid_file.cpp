#include <string>
#include <string_view>
#include <vector>

#include "io/json_reader.hpp"
#include "io/models/layer_list.hpp"
#include "io/text_file.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

Spacing read_spacing(const io::JsonObject& object) {
  const std::string word = object.optional_string("scale").value_or("linear");
  if (word == "linear") return Spacing::linear;
  if (word == "log") return Spacing::logarithmic;
  object.fail("scale", "\"" + word + "\"", "\"linear\" or \"log\"");
}

/// {"from": 1, "to": 1000, "count": 50, "scale": "log"}
std::vector<double> read_spaced(const io::JsonObject& object) {
  object.reject_unknown_keys({"from", "to", "count", "scale"});
  const double from = object.number("from");
  const double to = object.number("to");
  const std::int64_t count = object.integer("count");
  const Spacing spacing = read_spacing(object);
  try {
    return axis_values(from, to, count, spacing);
  } catch (const InputError& error) {
    throw InputError(object.origin() + ": " + object.path() + "." + error.what());
  }
}

std::vector<double> read_values(const io::JsonObject& parent, std::string_view key) {
  if (parent.value(key).is_object()) return read_spaced(parent.object(key));
  if (!parent.value(key).is_array()) return {parent.number(key)};
  auto values = parent.numbers(key);
  if (values.empty()) parent.fail(key, "an empty list", "one value or more");
  return values;
}

}  // namespace

Grid read_grid(const std::filesystem::path& path) {
  return grid_from_json(io::read_text(path), path.string());
}

Grid grid_from_json(const std::string& text, const std::string& origin) {
  const auto json = io::parse_json(text, origin);
  const io::JsonObject object(json, origin);
  object.reject_unknown_keys({"layers", "height"});
  Grid grid;
  grid.layers = io::read_layers<GridLayer>(object, read_values);
  if (object.has("height")) grid.height = read_values(object, "height");
  try {
    check(grid);
    grid_size(grid);
  } catch (const InputError& error) {
    throw InputError(origin + ": " + error.what());
  }
  return grid;
}

}  // namespace stratem
