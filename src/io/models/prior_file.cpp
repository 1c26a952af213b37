#include <string>
#include <string_view>

#include "io/json_reader.hpp"
#include "io/models/layer_list.hpp"
#include "io/text_file.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

using Kind = Distribution::Kind;

Distribution uniform(const io::JsonObject& object, Kind kind) {
  object.reject_unknown_keys({"distribution", "min", "max"});
  Distribution distribution;
  distribution.kind = kind;
  distribution.min = object.number("min");
  distribution.max = object.number("max");
  return distribution;
}

Distribution normal(const io::JsonObject& object, Kind kind, std::string_view centre) {
  object.reject_unknown_keys({"distribution", centre, "standard_deviation", "min", "max"});
  Distribution distribution;
  distribution.kind = kind;
  distribution.value = object.number(centre);
  distribution.sigma = object.number("standard_deviation");
  distribution.min = object.optional_number("min");
  distribution.max = object.optional_number("max");
  return distribution;
}

Distribution fixed(double value) {
  Distribution distribution;
  distribution.value = value;
  return distribution;
}

Distribution read_distribution(const io::JsonObject& parent, std::string_view key) {
  if (!parent.value(key).is_object()) return fixed(parent.number(key));
  const io::JsonObject object = parent.object(key);
  const std::string word = object.string("distribution");
  if (word == "uniform") return uniform(object, Kind::uniform);
  if (word == "log-uniform") return uniform(object, Kind::log_uniform);
  if (word == "normal") return normal(object, Kind::normal, "mean");
  if (word == "log-normal") return normal(object, Kind::log_normal, "median");
  if (word == "fixed") {
    object.reject_unknown_keys({"distribution", "value"});
    return fixed(object.number("value"));
  }
  object.fail("distribution", "\"" + word + "\"",
              "\"fixed\", \"uniform\", \"log-uniform\", \"normal\" or \"log-normal\"");
}

}  // namespace

Prior read_prior(const std::filesystem::path& path) {
  return prior_from_json(io::read_text(path), path.string());
}

Prior prior_from_json(const std::string& text, const std::string& origin) {
  const auto json = io::parse_json(text, origin);
  const io::JsonObject object(json, origin);
  object.reject_unknown_keys({"layers", "height"});
  Prior prior;
  prior.layers = io::read_layers<LayerPrior>(object, read_distribution);
  if (object.has("height")) prior.height = read_distribution(object, "height");
  try {
    check(prior);
  } catch (const InputError& error) {
    throw InputError(origin + ": " + error.what());
  }
  return prior;
}

}  // namespace stratem
