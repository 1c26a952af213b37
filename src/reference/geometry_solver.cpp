#include "reference/geometry_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/constants.hpp"
#include "core/earth/polarization.hpp"
#include "reference/earth.hpp"

namespace stratem::reference {
namespace {

using Complex = std::complex<double>;

/// Modes e^{-x lag} with x lag above this are negligible, even if the remaining response is 1e-13
/// of its initial value.
constexpr double dead_mode = 60.0;
/// The integral over wavenumber ends where e^{-lambda H} is below e^{-this}.
constexpr double dead_height = 40.0;
/// Width of the smooth cut-off in radians of the slowest oscillation: the part cut off integrates
/// to e^{-(this/2)^2}.
constexpr double taper_phase = 12.0;
/// The cut-off 1/2 erfc(x) is 1 or 0 in a double beyond this many widths.
constexpr double taper_reach = 6.0;
constexpr double most_wavenumbers = 1e6;

struct Bounds {
  double least, most;
};

/// Bounds of |sigma(s)| over layers and s, S/m: a polarizable layer's conductivity grows up to
/// 1/(rho (1 - m)).
Bounds conductivity_bounds(const core::LayeredModel& model) {
  Bounds bounds{std::numeric_limits<double>::infinity(), 0.0};
  for (std::size_t i = 0; i < model.resistivity.size(); ++i) {
    const double m = model.chargeability.empty() ? 0.0 : model.chargeability[i];
    bounds.least = std::min(bounds.least, 1.0 / model.resistivity[i]);
    bounds.most = std::max(bounds.most, 1.0 / (model.resistivity[i] * (1.0 - m)));
  }
  return bounds;
}

}  // namespace

double GeometrySolver::Cutoff::operator()(double lambda) const {
  return taper_width == 0.0 ? 1.0 : 0.5 * std::erfc((lambda - taper_centre) / taper_width);
}

GeometrySolver::GeometrySolver(const System& system, const std::vector<core::GroupMember>& group)
    : weight_(system.moments[group.front().moment], system.normalization),
      grid_(weight_),
      system_(system),
      group_(group) {}

const std::vector<core::LagOctave>& GeometrySolver::octaves(double angle) const {
  const auto steps =
      std::min(contours_.size() - 1, static_cast<std::size_t>(std::ceil(angle / angle_step)));
  ContourSet& set = contours_[steps];
  std::call_once(set.once, [&] {
    // The last step would open the contour to a half-plane. Singularities are never that far from
    // the negative real axis.
    const double widest = 0.49 * std::numbers::pi;
    set.octaves = core::lag_octaves(system_, group_,
                                    std::min(widest, angle_step * static_cast<double>(steps)));
  });
  return set.octaves;
}

GeometrySolver::Cutoff GeometrySolver::full_range(double height_sum, double largest_k) const {
  Cutoff cutoff;
  cutoff.last = height_sum > 0.0 ? dead_height / height_sum : most_wavenumbers;
  if (weight_.shortest() > 0.0) {
    // To the right of all branch points the integrand is smooth, and its remainder only oscillates.
    const double width = taper_phase / weight_.shortest();
    const double centre = 1.2 * std::sqrt(largest_k) + taper_reach * width;
    const double last = centre + taper_reach * width;
    if (last < cutoff.last) cutoff = {last, centre, width};
  }
  return cutoff;
}

GeometrySolver::Transform GeometrySolver::transform(const core::LagOctave& octave,
                                                    const core::LayeredModel& model,
                                                    double height_sum) const {
  const bool polarizable = !model.chargeability.empty();
  const Bounds bounds = conductivity_bounds(model);
  const Earth earth(model, octave.node);
  double largest_s = 0.0;
  double smallest_s = std::numeric_limits<double>::infinity();
  for (const Complex s : octave.node) {
    largest_s = std::max(largest_s, std::abs(s));
    smallest_s = std::min(smallest_s, std::abs(s));
  }
  Cutoff cutoff = full_range(height_sum, base::mu0 * largest_s * bounds.most);
  if (!octave.remembers && !polarizable) {
    const double dead = std::sqrt(dead_mode * base::mu0 * bounds.most / octave.first_lag);
    if (dead < cutoff.last) cutoff = {dead, 0.0, 0.0};
  }

  Transform result;
  result.value.assign(octave.node.size(), 0.0);
  result.linear_factor.assign(model.resistivity.size(), 0.0);
  double mirror = 0.0;
  const bool factors_count = octave.remembers || polarizable;
  NodeArray remainder(octave.node.size());
  const double smooth = 0.5 * std::sqrt(base::mu0 * smallest_s * bounds.least);
  grid_.for_each(smooth, cutoff.last, [&](const WavenumberNode& node) {
    const double weight = node.weight * std::exp(-node.lambda * height_sum) * cutoff(node.lambda);
    const Limit limit = earth.reflect(node.lambda, remainder);
    for (std::size_t j = 0; j < result.value.size(); ++j) {
      result.value[j] += weight * Complex(remainder.re()[j], remainder.im()[j]);
    }
    if (limit == Limit::mirror) {
      mirror += weight;
    } else if (factors_count) {
      add_linear_factors(model, node.lambda, weight, result.linear_factor);
    }
  });

  for (std::size_t j = 0; j < octave.node.size(); ++j) {
    if (octave.constant_counts) result.value[j] -= mirror;
    if (!polarizable) continue;
    // Only the part of s sigma(s) that is linear in s may be left out.
    const Complex s = octave.node[j];
    for (std::size_t i = 0; i < result.linear_factor.size(); ++i) {
      result.value[j] += s * result.linear_factor[i] *
                         cole_cole_increase(model.resistivity[i], model.chargeability[i],
                                            model.time_constant[i], model.exponent[i], s);
    }
  }
  return result;
}

void GeometrySolver::solve(const core::LayeredModel& model, double height_change,
                           std::span<double> response) const {
  const double height_sum = weight_.height_sum() + 2.0 * height_change;
  const auto& octaves = this->octaves(core::singularity_angle(model));
  for (const auto& octave : octaves) {
    for (const auto& share : octave.shares) response[share.gate] = 0.0;
  }
  for (const auto& octave : octaves) {
    const Transform f = transform(octave, model, height_sum);
    double slope = 0.0;
    for (std::size_t i = 0; i < f.linear_factor.size(); ++i) {
      slope += f.linear_factor[i] / model.resistivity[i];
    }
    for (const auto& share : octave.shares) {
      double sum = slope * share.linear_response;
      for (std::size_t j = 0; j < f.value.size(); ++j) {
        sum += (share.weight[j] * f.value[j]).real();
      }
      response[share.gate] += sum;
    }
  }
}

}  // namespace stratem::reference
