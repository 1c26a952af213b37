#include "stratem/sampling.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "core/sampling/distribution.hpp"
#include "core/sampling/layer_rules.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

using Column = std::optional<Distribution>;

/// The number of each parameter of a layer in the random counter. Never renumber them, because a
/// seed must always give the same models.
enum class Parameter : std::uint32_t {
  resistivity = 0,
  thickness = 1,
  depth = 2,
  chargeability = 3,
  time_constant = 4,
  exponent = 5,
  height = 6,  ///< of the model: counted with the first layer
};
constexpr std::uint32_t parameters_per_layer = 8;

std::string bound_key(const Distribution& distribution, const std::string& key, const char* bound) {
  return key + (distribution.kind == Distribution::Kind::fixed ? "" : std::string(".") + bound);
}

void check_parameter(const Column& column, const std::string& key, const core::Allowed& allowed) {
  if (!column) return;
  core::check(*column, key.c_str());
  const auto [min, max] = core::support(*column);
  // A log-normal number is above 0, although 0 is the lower end of its support.
  const bool open = column->kind == Distribution::Kind::log_normal && !column->min;
  if (min < allowed.min || (min == allowed.min && allowed.above_min && !open)) {
    throw InputError(bound_key(*column, key, "min") + ": " + base::to_text(min) + ", allowed is " +
                     allowed.text);
  }
  if (max > allowed.max || (max == allowed.max && allowed.below_max)) {
    throw InputError(bound_key(*column, key, "max") + ": " + base::to_text(max) + ", allowed is " +
                     allowed.text);
  }
}

void check_layer(const LayerPrior& layer, std::size_t index) {
  const std::string key = core::layer_key(index) + ".";
  check_parameter(layer.resistivity, key + "resistivity", core::positive);
  check_parameter(layer.thickness, key + "thickness", core::positive);
  check_parameter(layer.depth, key + "depth", core::positive);
  check_parameter(layer.chargeability, key + "chargeability", core::fraction);
  check_parameter(layer.time_constant, key + "time_constant", core::positive);
  check_parameter(layer.exponent, key + "exponent", core::cole_cole_exponent);
}

core::LayerKeys keys_of(const LayerPrior& layer) {
  return {layer.thickness.has_value(), layer.depth.has_value(), layer.chargeability.has_value(),
          layer.time_constant.has_value(), layer.exponent.has_value()};
}

bool any_layer_has(const Prior& prior, Column LayerPrior::*column) {
  return std::any_of(prior.layers.begin(), prior.layers.end(),
                     [column](const LayerPrior& layer) { return (layer.*column).has_value(); });
}

/// Fills one array of the set, column by column: each parameter of each layer has its own counter.
class Sampler {
 public:
  Sampler(std::uint64_t seed, std::int64_t first, std::int64_t count)
      : seed_(seed), first_(static_cast<std::uint64_t>(first)), count_(count) {}

  /// values[k * stride] for all models k.
  void fill(double* values, std::int64_t stride, const Distribution& distribution,
            std::size_t layer, Parameter parameter) const {
    const core::Quantile quantile(distribution);
    core::RandomCounter counter{
        .seed = seed_,
        .parameter = static_cast<std::uint32_t>(layer) * parameters_per_layer +
                     static_cast<std::uint32_t>(parameter)};
    for (std::int64_t k = 0; k < count_; ++k) {
      counter.model = first_ + static_cast<std::uint64_t>(k);
      values[k * stride] = quantile(core::uniform(counter));
    }
  }

  /// Fills [models, layers] from one column of the prior; `otherwise` where a layer has none.
  std::vector<double> matrix(const Prior& prior, Column LayerPrior::*column, Parameter parameter,
                             std::size_t columns, double otherwise) const {
    std::vector<double> values(static_cast<std::size_t>(count_) * columns, otherwise);
    for (std::size_t i = 0; i < columns; ++i) {
      const Column& distribution = prior.layers[i].*column;
      if (!distribution) continue;
      fill(values.data() + i, static_cast<std::int64_t>(columns), *distribution, i, parameter);
    }
    return values;
  }

 private:
  std::uint64_t seed_;
  std::uint64_t first_;
  std::int64_t count_;
};

void sort_depths(std::vector<double>& depth, std::size_t layers) {
  for (auto row = depth.begin(); row != depth.end(); row += static_cast<std::ptrdiff_t>(layers)) {
    std::sort(row, row + static_cast<std::ptrdiff_t>(layers));
  }
}

}  // namespace

void check(const Prior& prior) {
  std::vector<core::LayerKeys> keys;
  std::ranges::transform(prior.layers, std::back_inserter(keys), keys_of);
  core::check_layer_keys(keys);
  for (std::size_t i = 0; i < prior.layers.size(); ++i) check_layer(prior.layers[i], i);
  check_parameter(prior.height, "height", core::not_negative);
}

ModelSet sample(const Prior& prior, std::uint64_t seed, std::int64_t first, std::int64_t count) {
  check(prior);
  const std::size_t layers = prior.layers.size();
  core::check_models_asked(first, count, layers);

  const Sampler sampler(seed, first, count);
  ModelSet set;
  set.models = count;
  set.layers = static_cast<std::int64_t>(layers);
  set.resistivity.resize(static_cast<std::size_t>(count) * layers);
  for (std::size_t i = 0; i < layers; ++i) {
    sampler.fill(set.resistivity.data() + i, set.layers, prior.layers[i].resistivity, i,
                 Parameter::resistivity);
  }
  if (any_layer_has(prior, &LayerPrior::depth)) {
    set.depth = sampler.matrix(prior, &LayerPrior::depth, Parameter::depth, layers, 0.0);
    sort_depths(set.depth, layers);
  } else {
    set.thickness =
        sampler.matrix(prior, &LayerPrior::thickness, Parameter::thickness, layers - 1, 0.0);
  }
  if (any_layer_has(prior, &LayerPrior::chargeability)) {
    set.chargeability = sampler.matrix(prior, &LayerPrior::chargeability, Parameter::chargeability,
                                       layers, core::no_chargeability);
    set.time_constant = sampler.matrix(prior, &LayerPrior::time_constant, Parameter::time_constant,
                                       layers, core::any_time_constant);
    set.exponent = sampler.matrix(prior, &LayerPrior::exponent, Parameter::exponent, layers,
                                  core::any_exponent);
  }
  if (prior.height) {
    set.height.resize(static_cast<std::size_t>(count));
    sampler.fill(set.height.data(), 1, *prior.height, 0, Parameter::height);
  }
  return set;
}

}  // namespace stratem
