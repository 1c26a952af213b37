// The moments of a system that share their geometry, solved one model at a time.
#pragma once

#include <array>
#include <complex>
#include <mutex>
#include <numbers>
#include <span>
#include <vector>

#include "core/earth/layered_model.hpp"
#include "core/survey/geometry_group.hpp"
#include "core/survey/lag_octaves.hpp"
#include "core/survey/loop_weight.hpp"
#include "reference/wavenumber_grid.hpp"
#include "stratem/system.hpp"

namespace stratem::reference {

/// Everything about a group of moments that does not depend on the model: the lags at which their
/// gates need the step response, grouped by octave, each with its own Laplace contour. const after
/// construction; thread-safe.
class GeometrySolver {
 public:
  GeometrySolver(const System& system, const std::vector<core::GroupMember>& group);

  /// Writes the group's gates into `response`, which holds all gates of the system. `height_change`
  /// is added to the heights of both transmitter and receiver, m.
  void solve(const core::LayeredModel& model, double height_change,
             std::span<double> response) const;

 private:
  /// The end of the integral over wavenumber, and its taper.
  struct Cutoff {
    double last = 0.0;
    double taper_centre = 0.0, taper_width = 0.0;  // no taper if the width is 0
    double operator()(double lambda) const;
  };

  Cutoff full_range(double height_sum, double largest_k) const;
  /// F at the nodes of an octave, and, for each layer, the factor of s sigma_i in a part linear in
  /// s that was left out.
  struct Transform {
    std::vector<std::complex<double>> value;
    std::vector<double> linear_factor;
  };
  Transform transform(const core::LagOctave& octave, const core::LayeredModel& model,
                      double height_sum) const;

  core::LoopWeight weight_;
  WavenumberGrid grid_;
  /// Contours for singularities up to a number of steps of angle_step off the negative real axis,
  /// made when a model first needs them.
  static constexpr double angle_step = std::numbers::pi / 36.0;
  struct ContourSet {
    std::once_flag once;
    std::vector<core::LagOctave> octaves;
  };
  const std::vector<core::LagOctave>& octaves(double angle) const;

  System system_;
  std::vector<core::GroupMember> group_;
  mutable std::array<ContourSet, 18> contours_;
};

}  // namespace stratem::reference
