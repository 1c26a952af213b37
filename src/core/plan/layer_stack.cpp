#include "core/plan/layer_stack.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace stratem::core {
namespace {

/// Draws layers within one range.
class Layers {
 public:
  Layers(const EnsembleRange& range, Uniform& uniform) : range_(range), uniform_(uniform) {}

  double any() {
    return std::clamp(uniform_.log(range_.least_resistivity, range_.most_resistivity),
                      range_.least_resistivity, range_.most_resistivity);
  }
  /// The end of the range, or up to a factor of four inside.
  double conductive() { return std::min(range_.least_resistivity * inside(), middle()); }
  double resistive() { return std::max(range_.most_resistivity / inside(), middle()); }
  double end() { return uniform_.chance(0.5) ? range_.least_resistivity : range_.most_resistivity; }

  void add(double resistivity, double least, double most) {
    stack_.resistivity.push_back(resistivity);
    stack_.thickness.push_back(std::max(uniform_.log(least, most), thinnest_layer));
  }
  void add_basement(double resistivity) { stack_.resistivity.push_back(resistivity); }

  void add_ends(int count) {
    const double thickest = uniform_.log(1.0, 5000.0);
    for (int i = 0; i < count; ++i) add(end(), thinnest_layer, thickest);
  }
  void add_any(int count) {
    const double thickest = uniform_.log(1.0, 5000.0);
    for (int i = 0; i < count; ++i) add(any(), thinnest_layer, thickest);
  }
  void add_sheets(int count) {
    for (int i = 0; i < count; ++i) {
      add(conductive(), thinnest_layer, 20.0);
      if (uniform_.chance(0.7)) add(uniform_.chance(0.7) ? resistive() : any(), 0.5, 2000.0);
    }
  }
  void add_gradient(int count) {
    const double above = uniform_.chance(0.5) ? end() : any();
    const double below = uniform_.chance(0.5) ? end() : any();
    const double thickness = uniform_.log(2.0, 3000.0) / count;
    for (int i = 0; i < count; ++i) {
      const double part = static_cast<double>(i) / std::max(1, count - 1);
      add(std::clamp(above * std::pow(below / above, part), range_.least_resistivity,
                     range_.most_resistivity),
          thickness, thickness);
    }
  }
  /// A random walk of the logarithm of resistivity.
  void add_walk(int count) {
    double place = uniform_(0.0, 1.0);
    const double step = uniform_.log(0.02, 0.5);
    const double thickness = uniform_.log(5.0, 3000.0) / count;
    for (int i = 0; i < count; ++i) {
      const double u = uniform_(-1.0, 1.0) + uniform_(-1.0, 1.0) + uniform_(-1.0, 1.0);
      place = std::clamp(place + step * u, 0.0, 1.0);
      add(std::clamp(range_.least_resistivity *
                         std::pow(range_.most_resistivity / range_.least_resistivity, place),
                     range_.least_resistivity, range_.most_resistivity),
          0.3 * thickness, 3.0 * thickness);
    }
  }

  /// Returns the layers as a cover.
  LayerStack take() {
    if (range_.most_angle > 0.0 && uniform_.chance(0.5)) {
      for (const double resistivity : stack_.resistivity) {
        stack_.polarization.push_back(random_polarization(range_, resistivity, uniform_));
      }
    }
    return std::move(stack_);
  }
  /// Returns the layers as ground: the last layer is infinite.
  LayerStack take_ground() {
    if (stack_.thickness.size() == stack_.resistivity.size()) stack_.thickness.pop_back();
    return take();
  }

 private:
  double middle() const { return std::sqrt(range_.least_resistivity * range_.most_resistivity); }
  double inside() { return uniform_.chance(0.5) ? 1.0 : std::pow(4.0, uniform_(0.0, 1.0)); }

  const EnsembleRange& range_;
  Uniform& uniform_;
  LayerStack stack_;
};

/// Hundreds or thousands of metres of resistive ground, bare or below a layer.
LayerStack deep_cover(const EnsembleRange& range, Uniform& uniform) {
  Layers layers(range, uniform);
  if (uniform.chance(0.4)) layers.add(layers.any(), thinnest_layer, 100.0);
  layers.add(layers.resistive(), 100.0, 6000.0);
  return layers.take();
}

/// A conductive basement, conductive layers on any basement, or a basement of any resistivity.
LayerStack conductive_ground(const EnsembleRange& range, Uniform& uniform) {
  Layers layers(range, uniform);
  if (uniform.chance(0.7)) layers.add_sheets(uniform.whole(1, 2));
  layers.add_basement(uniform.chance(0.5) ? layers.conductive() : layers.any());
  return layers.take_ground();
}

}  // namespace

LayerStack random_cover(const EnsembleRange& range, Uniform& uniform) {
  Layers layers(range, uniform);
  const double family = uniform(0.0, 1.0);
  if (family < 0.05) return {};
  if (family < 0.30) {
    layers.add(layers.resistive(), 1.0, 5000.0);
  } else if (family < 0.45) {
    layers.add(layers.any(), thinnest_layer, 300.0);
    layers.add(layers.resistive(), 5.0, 5000.0);
  } else if (family < 0.70) {
    layers.add_ends(uniform.whole(1, 5));
  } else if (family < 0.85) {
    layers.add_any(uniform.whole(1, 5));
  } else if (family < 0.95) {
    layers.add_sheets(uniform.whole(1, 2));
  } else {
    layers.add_gradient(uniform.whole(3, 8));
  }
  return layers.take();
}

LayerStack random_ground(const EnsembleRange& range, Uniform& uniform) {
  Layers layers(range, uniform);
  const double family = uniform(0.0, 1.0);
  if (family < 0.15) {
    layers.add_basement(layers.any());
  } else if (family < 0.25) {
    layers.add_basement(layers.conductive());
  } else if (family < 0.35) {
    layers.add_basement(layers.resistive());
  } else if (family < 0.60) {
    layers.add_ends(uniform.whole(2, 5));
  } else if (family < 0.75) {
    layers.add_sheets(uniform.whole(1, 3));
    layers.add_basement(uniform.chance(0.6) ? layers.resistive() : layers.any());
  } else if (family < 0.90) {
    layers.add_any(uniform.whole(2, 5));
  } else if (family < 0.99) {
    layers.add_walk(uniform.whole(3, 15));
  } else {
    layers.add_walk(uniform.whole(20, 150));
  }
  return layers.take_ground();
}

LayerStack joined(const LayerStack& cover, const LayerStack& ground) {
  LayerStack whole = cover;
  const auto most = static_cast<std::size_t>(max_layers);
  const std::size_t all = cover.resistivity.size() + ground.resistivity.size();
  const auto left_out = static_cast<std::ptrdiff_t>(std::max(most, all) - most);
  const auto add = [&](auto& to, const auto& layers) {
    to.insert(to.end(), layers.begin() + left_out, layers.end());
  };
  add(whole.resistivity, ground.resistivity);
  add(whole.thickness, ground.thickness);
  if (cover.polarization.empty() && ground.polarization.empty()) return whole;
  whole.polarization.resize(cover.resistivity.size());
  if (ground.polarization.empty()) {
    whole.polarization.resize(whole.resistivity.size());
  } else {
    add(whole.polarization, ground.polarization);
  }
  return whole;
}

double random_height(const EnsembleRange& range, Uniform& uniform) {
  if (!range.least_height) return 0.0;
  const double which = uniform(0.0, 1.0);
  if (which < 0.35) return *range.least_height;
  if (which < 0.70) return *range.most_height;
  return uniform(*range.least_height, *range.most_height);
}

ModelSet to_models(const std::vector<StackedModel>& stacks, const EnsembleRange& range) {
  ModelSet set;
  set.models = std::ssize(stacks);
  std::size_t columns = 1;
  for (const auto& each : stacks) columns = std::max(columns, each.stack.resistivity.size());
  set.layers = static_cast<std::int64_t>(columns);
  for (const auto& each : stacks) {
    const LayerStack& stack = each.stack;
    set.layer_count.push_back(static_cast<std::int32_t>(stack.resistivity.size()));
    const auto rows = static_cast<std::size_t>(std::ssize(set.layer_count));
    set.resistivity.insert(set.resistivity.end(), stack.resistivity.begin(),
                           stack.resistivity.end());
    set.resistivity.resize(rows * columns);
    set.thickness.insert(set.thickness.end(), stack.thickness.begin(), stack.thickness.end());
    set.thickness.resize(rows * (columns - 1));
    if (range.least_height) set.height.push_back(each.height);
    if (!(range.most_angle > 0.0)) continue;
    for (std::size_t i = 0; i < columns; ++i) {
      const Polarization layer =
          i < stack.polarization.size() ? stack.polarization[i] : Polarization{};
      set.chargeability.push_back(layer.chargeability);
      set.time_constant.push_back(layer.time_constant);
      set.exponent.push_back(layer.exponent);
    }
  }
  return set;
}

ModelSet random_stacks(const EnsembleRange& range, int count, std::uint64_t seed) {
  Uniform uniform(seed);
  std::vector<StackedModel> stacks;
  for (int i = 0; i < count; ++i) {
    const bool deep = i % 2 == 1;
    const LayerStack cover = deep ? deep_cover(range, uniform) : random_cover(range, uniform);
    const LayerStack ground =
        deep ? conductive_ground(range, uniform) : random_ground(range, uniform);
    stacks.push_back({joined(cover, ground), random_height(range, uniform)});
  }
  return to_models(stacks, range);
}

}  // namespace stratem::core
