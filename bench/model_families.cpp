#include "model_families.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <random>
#include <utility>

#include "core/earth/polarization.hpp"

namespace stratem::bench {
namespace {

/// Draws single models.
class Earths {
 public:
  Earths(const PlanOptions& options, std::uint64_t seed)
      : range_(options.resistivity), height_(options.height), engine_(seed) {}

  ModelSet ends() {
    begin();
    const int layers = whole(1, 10);
    for (int i = 1; i < layers; ++i) add(end(), log_uniform(0.1, 500.0));
    return finish(end());
  }
  ModelSet cover() {
    begin();
    add(resistive(), log_uniform(100.0, 2000.0));
    return finish(conductive());
  }
  ModelSet opposite() {
    begin();
    const bool conductor_first = chance(0.5);
    add(conductor_first ? range_.min : range_.max, log_uniform(0.05, 5000.0));
    return finish(conductor_first ? range_.max : range_.min);
  }
  ModelSet sheets() {
    begin();
    const bool sheets_conduct = chance(0.5);
    const double host = sheets_conduct ? resistive() : conductive();
    const int count = whole(1, 4);
    const bool outcrop = chance(0.3);
    for (int i = 0; i < count; ++i) {
      if (i > 0 || !outcrop) add(host, log_uniform(0.5, 500.0));
      add(sheets_conduct ? conductive() : resistive(), log_uniform(0.05, 5.0));
    }
    return finish(host);
  }
  ModelSet walk() {
    begin();
    const double step = log_uniform(0.02, 0.5) * std::log(range_.max / range_.min);
    const double thickness = log_uniform(10.0, 3000.0) / static_cast<double>(max_layers - 1);
    double resistivity = any();
    for (std::int64_t i = 1; i < max_layers; ++i) {
      add(resistivity, thickness * uniform(0.5, 1.5));
      resistivity = inside(resistivity * std::exp(step * uniform(-1.0, 1.0)));
    }
    return finish(resistivity);
  }
  ModelSet anything() {
    begin();
    const int layers = whole(1, 10);
    for (int i = 1; i < layers; ++i) add(any(), log_uniform(0.05, 1000.0));
    return finish(any());
  }
  ModelSet half_space() {
    begin();
    return finish(any());
  }

  /// Gives a half-space, or most layers of another model, Cole-Cole parameters that plans allow.
  void polarize(ModelSet& model) {
    for (double& resistivity : model.resistivity) {
      ColeCole layer;
      if (model.layers == 1 || chance(0.7)) layer = cole_cole();
      // The resistivity at high frequencies is in the range too.
      const double least = range_.min / (1.0 - layer.chargeability) * (1.0 + 1e-12);
      if (layer.chargeability > 0.0 && least <= range_.max) {
        resistivity = std::max(resistivity, least);
      } else {
        layer = {};
      }
      model.chargeability.push_back(layer.chargeability);
      model.time_constant.push_back(layer.time_constant);
      model.exponent.push_back(layer.exponent);
    }
  }

 private:
  struct ColeCole {
    double chargeability = 0.0;
    double time_constant = 1.0;
    double exponent = 1.0;
  };

  double uniform(double least, double most) {
    return std::uniform_real_distribution<>(least, most)(engine_);
  }
  double log_uniform(double least, double most) {
    return std::exp(uniform(std::log(least), std::log(most)));
  }
  int whole(int least, int most) { return std::uniform_int_distribution<>(least, most)(engine_); }
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }

  double inside(double resistivity) const {
    return std::clamp(resistivity, range_.min, range_.max);
  }
  double any() { return inside(log_uniform(range_.min, range_.max)); }
  double end() { return chance(0.5) ? range_.min : range_.max; }
  /// Half of the values are at the end of the range, the others up to a factor of four inside.
  double conductive() {
    return chance(0.5) ? range_.min : inside(range_.min * log_uniform(1.0, 4.0));
  }
  double resistive() {
    return chance(0.5) ? range_.max : inside(range_.max / log_uniform(1.0, 4.0));
  }

  ColeCole cole_cole() {
    ColeCole layer;
    do {
      layer = {log_uniform(0.01, 0.9), log_uniform(1e-6, 10.0), uniform(0.1, 1.0)};
    } while (
        !core::singularities_within(layer.chargeability, layer.exponent, core::most_plan_angle));
    return layer;
  }

  void begin() { model_ = {}; }
  void add(double resistivity, double thickness) {
    model_.resistivity.push_back(resistivity);
    model_.thickness.push_back(thickness);
  }
  ModelSet finish(double resistivity) {
    model_.resistivity.push_back(resistivity);
    model_.models = 1;
    model_.layers = static_cast<std::int64_t>(model_.resistivity.size());
    if (height_) {
      const std::array heights{height_->min, uniform(height_->min, height_->max), height_->max};
      model_.height = {heights[static_cast<std::size_t>(whole(0, 2))]};
    }
    return std::move(model_);
  }

  Range range_;
  std::optional<Range> height_;
  std::mt19937_64 engine_;
  ModelSet model_;
};

struct Family {
  const char* name;
  ModelSet (Earths::*draw)();
  std::int64_t part;    // of the count
  bool is_polarizable;  // true for every model; otherwise for every second one
};

constexpr std::array families{Family{"ends", &Earths::ends, 1, false},
                              Family{"cover", &Earths::cover, 1, false},
                              Family{"opposite", &Earths::opposite, 1, false},
                              Family{"sheets", &Earths::sheets, 1, false},
                              Family{"walks", &Earths::walk, 5, false},
                              Family{"any", &Earths::anything, 1, false},
                              Family{"half-spaces", &Earths::half_space, 1, true}};

ModelSet draw(const Family& family, const PlanOptions& options, std::int64_t count,
              std::uint64_t seed) {
  Earths earths(options, seed);
  ModelSet models;
  for (std::int64_t i = 0; i < count; ++i) {
    ModelSet model = (earths.*family.draw)();
    if (options.polarizable && (family.is_polarizable || i % 2 == 1)) earths.polarize(model);
    append(models, std::move(model));
  }
  return models;
}

}  // namespace

std::vector<ModelFamily> model_families(const PlanOptions& options, std::int64_t count,
                                        std::uint64_t seed, const std::string& stream) {
  std::vector<ModelFamily> drawn;
  for (const auto& family : families) {
    if (family.is_polarizable && !options.polarizable) continue;
    const std::int64_t models = std::max<std::int64_t>(count / family.part, 1);
    const std::uint64_t own = derived_seed(seed, stream + " " + family.name);
    drawn.push_back({family.name, draw(family, options, models, own)});
  }
  return drawn;
}

std::uint64_t derived_seed(std::uint64_t seed, const std::string& text) {
  std::vector<std::uint32_t> numbers{static_cast<std::uint32_t>(seed),
                                     static_cast<std::uint32_t>(seed >> 32)};
  for (const char letter : text) numbers.push_back(static_cast<unsigned char>(letter));
  std::seed_seq sequence(numbers.begin(), numbers.end());
  std::array<std::uint32_t, 2> halves{};
  sequence.generate(halves.begin(), halves.end());
  return static_cast<std::uint64_t>(halves[1]) << 32 | halves[0];
}

}  // namespace stratem::bench
