#include "core/plan/ensemble.hpp"

#include <algorithm>
#include <cmath>

#include "core/earth/polarization.hpp"
#include "core/plan/random_polarization.hpp"
#include "core/plan/uniform.hpp"

namespace stratem::core {
namespace {

/// Depths to interfaces in increasing order, the first of them 0.
std::vector<double> random_depths(int layers, Uniform& uniform) {
  const double deepest = uniform(50.0, 300.0);
  std::vector<double> depth{0.0};
  for (int i = 1; i < layers; ++i) depth.push_back(uniform(2.0, deepest));
  std::ranges::sort(depth);
  return depth;
}

/// The same, but thicknesses are log-uniform.
std::vector<double> uneven_depths(int layers, Uniform& uniform) {
  std::vector<double> depth{0.0};
  for (int i = 1; i < layers; ++i) depth.push_back(depth.back() + uniform.log(0.5, 100.0));
  return depth;
}

/// The number of models with strong contrasts among the first `count`: they are the third and
/// fourth of every four.
int contrasts_among(int count) { return count / 4 * 2 + std::max(0, count % 4 - 2); }

/// The resistivity at a place on the logarithmic range: 0 is the least, 1 the greatest, which
/// rounding must not exceed.
double resistivity_at(const EnsembleRange& range, double place) {
  return std::min(
      range.most_resistivity,
      range.least_resistivity * std::pow(range.most_resistivity / range.least_resistivity, place));
}

/// A resistivity at an end of the range or, for a `place` above 0, up to a factor of 4 inside.
double near_an_end(const EnsembleRange& range, bool low, double place) {
  const double whole = std::sqrt(range.most_resistivity / range.least_resistivity);
  const double inside = std::pow(std::min(4.0, whole), place);
  return low ? range.least_resistivity * inside : range.most_resistivity / inside;
}

}  // namespace

EnsembleRange ensemble_range(const PlanOptions& options) {
  EnsembleRange range;
  range.least_resistivity = options.resistivity.min;
  range.most_resistivity = options.resistivity.max;
  if (options.height) {
    range.least_height = options.height->min;
    range.most_height = options.height->max;
  }
  if (options.polarizable) range.most_angle = most_plan_angle;
  return range;
}

ModelSet random_models(const EnsembleRange& range, const std::vector<int>& layers, int per_count,
                       std::uint64_t seed, double thinnest) {
  Uniform uniform(seed);
  ModelSet set;
  set.layers = *std::ranges::max_element(layers);
  const auto columns = static_cast<std::size_t>(set.layers);
  for (const int count : layers) {
    for (int p = 0; p < per_count; ++p) {
      ++set.models;
      set.layer_count.push_back(count);
      const bool contrasts = p % 4 >= 2;
      const auto depth = contrasts ? uneven_depths(count, uniform) : random_depths(count, uniform);
      const auto size = static_cast<std::size_t>(set.models);
      const double spread =
          static_cast<double>(contrasts_among(p)) / std::max(1, contrasts_among(per_count) - 1);
      const bool on_resistive_ground = !contrasts && p % 8 >= 4;
      for (int i = 0; i < count; ++i) {
        const double place = uniform(0.0, 1.0);
        double resistivity = resistivity_at(range, place);
        if (on_resistive_ground && i + 1 == count) resistivity = near_an_end(range, false, place);
        if (contrasts && count == 1) resistivity = resistivity_at(range, spread);
        if (contrasts && count > 1) {
          const bool low = (i + p / 4) % 2 == 0;
          resistivity = near_an_end(range, low, p % 2 == 0 ? 0.0 : place);
        }
        set.resistivity.push_back(resistivity);
      }
      set.resistivity.resize(size * columns);
      for (std::size_t i = 1; i < depth.size(); ++i) {
        set.thickness.push_back(std::max(depth[i] - depth[i - 1], thinnest));
      }
      set.thickness.resize(size * (columns - 1));
      if (range.least_height) {
        set.height.push_back(uniform(*range.least_height, *range.most_height));
      }
      if (!(range.most_angle > 0.0)) continue;
      for (std::size_t i = 0; i < columns; ++i) {
        Polarization layer;
        if (p % 2 == 1 && i < depth.size()) {
          layer = random_polarization(range, set.resistivity[(size - 1) * columns + i], uniform);
        }
        set.chargeability.push_back(layer.chargeability);
        set.time_constant.push_back(layer.time_constant);
        set.exponent.push_back(layer.exponent);
      }
    }
  }
  return set;
}

void append(Ensemble& to, const Ensemble& more) {
  const auto add = [](auto& all, const auto& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  stratem::append(to.models, more.models);
  to.truth.models += more.truth.models;
  add(to.truth.response, more.truth.response);
  add(to.truth.status, more.truth.status);
  add(to.size, more.size);
}

}  // namespace stratem::core
