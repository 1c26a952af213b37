#include "stratem/grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "base/check_failure.hpp"
#include "core/sampling/layer_parameters.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

using Values = std::vector<double>;

/// Calls take(name, values) for every list with several values, slowest axis first.
template <class Take>
void for_each_axis(const Grid& grid, Take take) {
  for (std::size_t i = 0; i < grid.layers.size(); ++i) {
    core::for_each_layer_parameter([&](const auto& parameter) {
      const Values& values = parameter.of(grid.layers[i]);
      if (values.size() < 2) return;
      take(std::string(parameter.array.name) + "_" + std::to_string(i + 1), values);
    });
  }
  if (grid.height.size() > 1) take(std::string("height"), grid.height);
}

void check_values(const Values& values, const std::string& key, const core::Allowed& allowed) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (core::allows(allowed, values[i])) continue;
    const std::string place = values.size() == 1 ? key : key + "[" + std::to_string(i) + "]";
    base::reject(place, base::to_text(values[i]), allowed.text);
  }
}

/// How often an axis repeats a value from model to model: the product of the sizes of all faster
/// axes.
class Repeats {
 public:
  explicit Repeats(std::int64_t models) : models_(models) {}
  /// Must be called axis by axis, slowest first.
  std::int64_t of(const Values& axis) { return models_ /= static_cast<std::int64_t>(axis.size()); }

 private:
  std::int64_t models_;
};

/// Writes columns of the models first .. first + count - 1.
class Filler {
 public:
  Filler(std::int64_t first, std::int64_t count) : first_(first), count_(count) {}

  /// Fills values[k * stride] for all models k; each value of the list is used for `repeat` models.
  void fill(double* values, std::int64_t stride, const Values& list, std::int64_t repeat) const {
    const auto size = static_cast<std::int64_t>(list.size());
    for (std::int64_t k = 0; k < count_;) {
      const std::int64_t model = first_ + k;
      const double value = list[static_cast<std::size_t>(model / repeat % size)];
      const std::int64_t end = k + std::min(count_ - k, repeat - model % repeat);
      for (; k < end; ++k) values[k * stride] = value;
    }
  }

 private:
  std::int64_t first_;
  std::int64_t count_;
};

}  // namespace

std::vector<double> axis_values(double from, double to, std::int64_t count, Spacing spacing) {
  constexpr std::int64_t most = 1000000;
  const bool logarithmic = spacing == Spacing::logarithmic;
  const auto require_end = [logarithmic](const char* key, double value) {
    base::require(std::isfinite(value) && (!logarithmic || value > 0.0), key, value,
                  logarithmic ? "above 0" : "a finite number");
  };
  require_end("from", from);
  require_end("to", to);
  if (count < 2 || count > most) base::reject("count", std::to_string(count), "2 to 1000000");

  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(count - 1);
    values.push_back(logarithmic ? std::exp(std::lerp(std::log(from), std::log(to), part))
                                 : std::lerp(from, to, part));
  }
  values.front() = from;
  values.back() = to;
  return values;
}

void check(const Grid& grid) {
  core::check_layer_keys(core::keys_of(grid.layers));
  for (std::size_t i = 0; i < grid.layers.size(); ++i) {
    const std::string key = core::layer_key(i) + ".";
    if (grid.layers[i].resistivity.empty()) {
      base::reject(key + "resistivity", "no value", "one or more");
    }
    core::for_each_layer_parameter([&](const auto& parameter) {
      check_values(parameter.of(grid.layers[i]), key + std::string(parameter.array.name),
                   parameter.allowed);
    });
  }
  check_values(grid.height, "height", core::not_negative);
}

std::vector<GridAxis> grid_axes(const Grid& grid) {
  std::vector<GridAxis> axes;
  for_each_axis(grid, [&axes](const std::string& name, const Values& values) {
    axes.push_back({name, values});
  });
  return axes;
}

std::int64_t grid_size(const Grid& grid) {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  std::int64_t models = 1;
  for_each_axis(grid, [&models](const std::string& name, const Values& values) {
    const auto size = static_cast<std::int64_t>(values.size());
    if (models > largest / size) {
      base::reject(name, "brings the grid to more models than can be counted",
                   "at most " + std::to_string(largest) + " models");
    }
    models *= size;
  });
  return models;
}

ModelSet grid_models(const Grid& grid, std::int64_t first, std::int64_t count) {
  check(grid);
  const std::int64_t models = grid_size(grid);
  const std::size_t layers = grid.layers.size();
  core::check_models_asked(first, count, layers, models);

  ModelSet set;
  set.models = count;
  set.layers = static_cast<std::int64_t>(layers);
  core::for_each_layer_parameter([&](const auto& parameter) {
    if (!core::any_layer_has(grid.layers, parameter)) return;
    (set.*parameter.array.values)
        .assign(static_cast<std::size_t>(count) * parameter.columns(layers),
                parameter.array.absent);
  });
  const Filler filler(first, count);
  Repeats repeats(models);
  for (std::size_t i = 0; i < layers; ++i) {
    core::for_each_layer_parameter([&](const auto& parameter) {
      const Values& list = parameter.of(grid.layers[i]);
      if (list.empty()) return;
      filler.fill((set.*parameter.array.values).data() + i, parameter.array.columns(set.layers),
                  list, repeats.of(list));
    });
  }
  if (!grid.height.empty()) {
    set.height.resize(static_cast<std::size_t>(count));
    filler.fill(set.height.data(), 1, grid.height, repeats.of(grid.height));
  }
  return set;
}

}  // namespace stratem
