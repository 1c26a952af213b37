// The parameters of a layer in priors and grids: one list for checks, sampling, grids and JSON.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "core/earth/model_arrays.hpp"
#include "core/sampling/layer_rules.hpp"
#include "stratem/grid.hpp"
#include "stratem/sampling.hpp"

namespace stratem::core {

/// One parameter, with its members in priors, grids and models, and the values that it may take.
/// `Drawn` is Distribution, or std::optional<Distribution> if the parameter is optional.
template <class Drawn>
struct LayerParameter {
  LayerArray array;
  std::vector<double> GridLayer::*listed = nullptr;
  Drawn LayerPrior::*drawn = nullptr;
  Allowed allowed{};
  /// Its number in the random counter. Never renumber: a seed must always give the same models.
  std::uint32_t number = 0;

  std::vector<double>& of(GridLayer& layer) const { return layer.*listed; }
  const std::vector<double>& of(const GridLayer& layer) const { return layer.*listed; }
  Drawn& of(LayerPrior& layer) const { return layer.*drawn; }
  const Drawn& of(const LayerPrior& layer) const { return layer.*drawn; }

  /// How many of `layers` layers can have it.
  std::size_t columns(std::size_t layers) const {
    return static_cast<std::size_t>(array.columns(static_cast<std::int64_t>(layers)));
  }
};
template <class Drawn>
LayerParameter(LayerArray, std::vector<double> GridLayer::*, Drawn LayerPrior::*, Allowed,
               std::uint32_t) -> LayerParameter<Drawn>;

/// All parameters, in the order of a grid's axes and of written JSON.
inline constexpr std::tuple layer_parameters{
    LayerParameter{resistivity_array, &GridLayer::resistivity, &LayerPrior::resistivity, positive,
                   0},
    LayerParameter{thickness_array, &GridLayer::thickness, &LayerPrior::thickness, positive, 1},
    LayerParameter{depth_array, &GridLayer::depth, &LayerPrior::depth, positive, 2},
    LayerParameter{chargeability_array, &GridLayer::chargeability, &LayerPrior::chargeability,
                   fraction, 3},
    LayerParameter{time_constant_array, &GridLayer::time_constant, &LayerPrior::time_constant,
                   positive, 4},
    LayerParameter{exponent_array, &GridLayer::exponent, &LayerPrior::exponent, cole_cole_exponent,
                   5},
};

/// The number of a model's height in the random counter. The height counts as a parameter of the
/// first layer.
inline constexpr std::uint32_t height_number = 6;
inline constexpr std::uint32_t numbers_per_layer = 8;

/// Calls action(parameter) for every parameter.
template <class Action>
void for_each_layer_parameter(Action&& action) {
  std::apply([&](const auto&... parameter) { (action(parameter), ...); }, layer_parameters);
}

/// Whether a layer of a grid or a prior has a parameter.
inline bool is_given(const std::vector<double>& values) { return !values.empty(); }
inline bool is_given(const Distribution&) { return true; }
inline bool is_given(const std::optional<Distribution>& distribution) {
  return distribution.has_value();
}

/// Which parameters the layers have.
template <class Layer>
std::vector<LayerKeys> keys_of(const std::vector<Layer>& layers) {
  std::vector<LayerKeys> keys;
  keys.reserve(layers.size());
  for (const auto& layer : layers) {
    keys.push_back({is_given(layer.thickness), is_given(layer.depth), is_given(layer.chargeability),
                    is_given(layer.time_constant), is_given(layer.exponent)});
  }
  return keys;
}

/// Whether any layer has a parameter.
template <class Layer, class Parameter>
bool any_layer_has(const std::vector<Layer>& layers, const Parameter& parameter) {
  return std::ranges::any_of(layers,
                             [&](const Layer& layer) { return is_given(parameter.of(layer)); });
}

}  // namespace stratem::core
