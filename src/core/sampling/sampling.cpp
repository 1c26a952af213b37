#include "stratem/sampling.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "core/sampling/distribution.hpp"
#include "core/sampling/layer_parameters.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

using Column = std::optional<Distribution>;

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
  core::for_each_layer_parameter([&](const auto& parameter) {
    check_parameter(parameter.of(layer), key + std::string(parameter.array.name),
                    parameter.allowed);
  });
}

/// Fills one array of the set, column by column: each parameter of each layer has its own counter.
class Sampler {
 public:
  Sampler(std::uint64_t seed, std::int64_t first, std::int64_t count)
      : seed_(seed), first_(static_cast<std::uint64_t>(first)), count_(count) {}

  /// values[k * stride] for all models k.
  void fill(double* values, std::int64_t stride, const Distribution& distribution,
            std::size_t layer, std::uint32_t number) const {
    const core::Quantile quantile(distribution);
    core::RandomCounter counter{
        .seed = seed_,
        .parameter = static_cast<std::uint32_t>(layer) * core::numbers_per_layer + number};
    for (std::int64_t k = 0; k < count_; ++k) {
      counter.model = first_ + static_cast<std::uint64_t>(k);
      values[k * stride] = quantile(core::uniform(counter));
    }
  }

  /// One array of the models; layers without a distribution have the number of absent ones.
  template <class Parameter>
  std::vector<double> matrix(const Prior& prior, const Parameter& parameter) const {
    const std::size_t columns = parameter.columns(prior.layers.size());
    std::vector<double> values(static_cast<std::size_t>(count_) * columns, parameter.array.absent);
    for (std::size_t i = 0; i < columns; ++i) {
      const Column& distribution = parameter.of(prior.layers[i]);
      if (!distribution) continue;
      fill(values.data() + i, static_cast<std::int64_t>(columns), *distribution, i,
           parameter.number);
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
  core::check_layer_keys(core::keys_of(prior.layers));
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
  core::for_each_layer_parameter([&](const auto& parameter) {
    if (!core::any_layer_has(prior.layers, parameter)) return;
    set.*parameter.array.values = sampler.matrix(prior, parameter);
  });
  if (!set.depth.empty()) sort_depths(set.depth, layers);
  if (prior.height) {
    set.height.resize(static_cast<std::size_t>(count));
    sampler.fill(set.height.data(), 1, *prior.height, 0, core::height_number);
  }
  return set;
}

}  // namespace stratem
