// Writes a prior as JSON text, which read_prior() reads.
#include <nlohmann/json.hpp>

#include "core/sampling/layer_parameters.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Distribution::Kind;

const char* word_of(Kind kind) {
  switch (kind) {
    case Kind::uniform:
      return "uniform";
    case Kind::log_uniform:
      return "log-uniform";
    case Kind::normal:
      return "normal";
    case Kind::log_normal:
      return "log-normal";
    case Kind::fixed:
      break;
  }
  return "fixed";
}

Json write(const Distribution& distribution) {
  if (distribution.kind == Kind::fixed) return distribution.value;
  Json json{{"distribution", word_of(distribution.kind)}};
  if (distribution.kind == Kind::normal || distribution.kind == Kind::log_normal) {
    json[distribution.kind == Kind::normal ? "mean" : "median"] = distribution.value;
    json["standard_deviation"] = distribution.sigma;
  }
  if (distribution.min) json["min"] = *distribution.min;
  if (distribution.max) json["max"] = *distribution.max;
  return json;
}

Json write(const LayerPrior& layer) {
  Json json;
  core::for_each_layer_parameter([&](const auto& parameter) {
    const std::optional<Distribution>& distribution = parameter.of(layer);
    if (distribution) json[std::string(parameter.array.name)] = write(*distribution);
  });
  return json;
}

}  // namespace

std::string to_json(const Prior& prior) {
  Json json;
  json["layers"] = Json::array();
  for (const auto& layer : prior.layers) json["layers"].push_back(write(layer));
  if (prior.height) json["height"] = write(*prior.height);
  return json.dump();
}

}  // namespace stratem
