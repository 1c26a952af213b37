#include "core/sampling/layer_rules.hpp"

#include <algorithm>
#include <cmath>

#include "base/check_failure.hpp"
#include "stratem/models.hpp"

namespace stratem::core {
namespace {

bool any_has(const std::vector<LayerKeys>& layers, bool LayerKeys::*key) {
  return std::any_of(layers.begin(), layers.end(), [key](const auto& layer) { return layer.*key; });
}

/// `key` must be in all layers except `without`, and not in that one.
void check_all_but(const std::vector<LayerKeys>& layers, bool LayerKeys::*key, const char* name,
                   std::size_t without, const char* rule) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool given = layers[i].*key;
    if (given == (i != without)) continue;
    base::reject(layer_key(i) + "." + name, given ? "given" : "missing", rule);
  }
}

void check_geometry(const std::vector<LayerKeys>& layers) {
  const bool depths = any_has(layers, &LayerKeys::depth);
  if (depths && any_has(layers, &LayerKeys::thickness)) {
    base::reject("layers", "thickness and depth are both given", "one of them");
  }
  if (depths) {
    check_all_but(layers, &LayerKeys::depth, "depth", 0, "a depth in all layers but the first");
  } else {
    check_all_but(layers, &LayerKeys::thickness, "thickness", layers.size() - 1,
                  "a thickness in all layers but the last");
  }
}

}  // namespace

bool allows(const Allowed& allowed, double value) {
  const bool above = allowed.above_min ? value > allowed.min : value >= allowed.min;
  const bool below = allowed.below_max ? value < allowed.max : value <= allowed.max;
  return std::isfinite(value) && above && below;
}

std::string layer_key(std::size_t layer) { return "layers[" + std::to_string(layer) + "]"; }

void check_layer_keys(const std::vector<LayerKeys>& layers) {
  if (layers.empty() || layers.size() > static_cast<std::size_t>(max_layers)) {
    base::reject("layers", std::to_string(layers.size()) + " layers",
                 "1 to " + std::to_string(max_layers));
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const int given = layers[i].chargeability + layers[i].time_constant + layers[i].exponent;
    if (given == 0 || given == 3) continue;
    base::reject(layer_key(i), "some of chargeability, time_constant and exponent are missing",
                 "all three or none");
  }
  check_geometry(layers);
}

void check_models_asked(std::int64_t first, std::int64_t count, std::size_t layers,
                        std::int64_t models) {
  const auto require_within = [](const char* key, std::int64_t value, std::int64_t largest) {
    if (value >= 0 && value <= largest) return;
    base::reject(key, std::to_string(value), "0 to " + std::to_string(largest));
  };
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  const std::int64_t addressable = largest / static_cast<std::int64_t>(layers * sizeof(double));
  const std::int64_t most = std::min(models, addressable);
  require_within("count", count, most);
  require_within("first", first, models - count);
}

}  // namespace stratem::core
