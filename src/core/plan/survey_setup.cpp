#include "core/plan/survey_setup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/constants.hpp"
#include "core/earth/polarization.hpp"
#include "core/plan/response_size.hpp"

namespace stratem::core {
namespace {

/// Training ensembles extend beyond the declared resistivities by this factor at both ends, so that
/// the ends of the declared range lie inside.
constexpr double training_margin = 2.0;
/// The same for the angle of polarizable layers, rad, and for chargeabilities.
constexpr double angle_margin = 0.05;
constexpr double chargeability_margin = 0.03;

bool serves(const LagOctave& octave, const std::vector<std::size_t>& gates) {
  return std::ranges::any_of(octave.shares, [&](const GateShare& share) {
    return std::ranges::find(gates, share.gate) != gates.end();
  });
}

}  // namespace

SurveySetup::SurveySetup(const System& system, const PlanOptions& options)
    : system_(system),
      options_(options),
      groups_(geometry_groups(system)),
      times_(gate_times(system)),
      transmitter_height_(system.moments.front().transmitters.front().height) {
  // The contours are a little wider, so that modes at the greatest angle lie inside.
  const double angle = options.polarizable ? most_plan_angle + angle_margin : 0.0;
  for (const auto& group : groups_) {
    weights_.emplace_back(system.moments[group.front().moment], system.normalization);
    octaves_.push_back(lag_octaves(system, group, angle));
  }
}

EnsembleRange SurveySetup::training_range() const {
  EnsembleRange range = ensemble_range(options_);
  range.least_resistivity /= training_margin;
  range.most_resistivity *= training_margin;
  if (options_.polarizable) {
    range.most_angle += angle_margin;
    range.most_chargeability += chargeability_margin;
  }
  return range;
}

GroundRange SurveySetup::ground_range() const {
  return {options_.resistivity.min / training_margin, options_.resistivity.max * training_margin,
          options_.polarizable ? most_plan_angle : 0.0};
}

/// The sum of transmitter and receiver height, m.
Range SurveySetup::height_sums(std::size_t group) const {
  const double base = weights_[group].height_sum();
  if (!options_.height) return {base, base};
  return {base + 2.0 * (options_.height->min - transmitter_height_),
          base + 2.0 * (options_.height->max - transmitter_height_)};
}

double SurveySetup::height_change(const ModelBatch& batch, std::int64_t model) const {
  return batch.height.empty() ? 0.0 : 2.0 * (batch.height[model] - transmitter_height_);
}

bool SurveySetup::above_ground(const GateWindow& window) const {
  return std::ranges::all_of(window.geometries, [this](const auto& geometry) {
    return height_sums(geometry.group).min > 0.0;
  });
}

double SurveySetup::half_period(const GateWindow& window) const {
  double half_period = 0.0;
  for (const auto& geometry : window.geometries) {
    for (const auto& member : groups_[geometry.group]) {
      const auto& frequency = system_.moments[member.moment].base_frequency;
      if (frequency) half_period = std::max(half_period, 0.5 / *frequency);
    }
  }
  return half_period;
}

GateModes SurveySetup::modes(const GateWindow& window) const {
  std::vector<GeometryGates> geometries;
  for (const auto& [group, gates] : window.geometries) {
    geometries.push_back({gates, &octaves_[group], &weights_[group], height_sums(group)});
  }
  return gate_modes(geometries, ground_range(), window.first, window.last);
}

std::function<double(double)> SurveySetup::integrand(const WindowGates& geometry) const {
  return [&weight = weights_[geometry.group]](double lambda) {
    return weight(lambda) * std::exp(-lambda * weight.height_sum());
  };
}

Range SurveySetup::wavenumbers(const GateWindow& window) const {
  const double longest = std::max(window.last, half_period(window));
  return {0.1 * std::sqrt(base::mu0 / (ground_range().most_resistivity * longest)),
          largest_wavenumber(window)};
}

/// Without polarization, the modes of larger wavenumbers have decayed by diffusion. Polarization
/// decays at the same rate at all wavenumbers.
double SurveySetup::largest_wavenumber(const GateWindow& window) const {
  double diffused = std::numeric_limits<double>::infinity();
  if (!options_.polarizable) {
    diffused =
        std::sqrt(30.0 * base::mu0 / (ground_range().least_resistivity * shortest_time(window)));
  }
  double largest = 0.0;
  for (const auto& geometry : window.geometries) {
    double seen = diffused;
    const double height_sum = height_sums(geometry.group).min;
    if (height_sum > 0.0) {
      seen = std::min(diffused, 25.0 / height_sum);
    } else if (options_.polarizable) {
      seen = 300.0 / weights_[geometry.group].longest();
    }
    largest = std::max(largest, seen);
  }
  return largest;
}

/// The shortest time that matters in a window. A filter has a memory: its output contains modes
/// that have decayed at its input.
double SurveySetup::shortest_time(const GateWindow& window) const {
  for (const auto& [group, gates] : window.geometries) {
    for (const auto& octave : octaves_[group]) {
      if (octave.remembers && serves(octave, gates)) return 0.1 * window.first;
    }
  }
  return window.first;
}

}  // namespace stratem::core
