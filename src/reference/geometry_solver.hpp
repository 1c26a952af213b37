// The moments of a system that share their geometry, solved one model at a time.
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "core/geometry_group.hpp"
#include "core/lag_terms.hpp"
#include "core/layered_model.hpp"
#include "core/loop_weight.hpp"
#include "core/receiver_filter.hpp"
#include "reference/contour.hpp"
#include "reference/wavenumber_grid.hpp"
#include "stratem/system.hpp"

namespace stratem::reference {

/// Everything of a group of moments that does not depend on the model: the lags at which their
/// gates need the step response, grouped by octave, each with its own Laplace contour. const after
/// construction; thread-safe.
class GeometrySolver {
 public:
  GeometrySolver(const System& system, const std::vector<core::GroupMember>& group);

  /// Writes the group's gates into `response`, which holds all gates of the system. `height_change`
  /// is added to the heights of transmitter and receiver alike, m.
  void solve(const core::LayeredModel& model, double height_change,
             std::span<double> response) const;

 private:
  /// What one gate takes from one octave of lags: response += Re sum_j weight[j] F(node j).
  struct GateShare {
    std::size_t gate = 0;
    std::vector<std::complex<double>> weight;
    /// Response to F(s) = s: exactly 0 for terms that no part of F linear in s can reach.
    double linear_response = 0.0;
  };
  struct LagOctave {
    double first_lag = 0.0;
    /// Parts of F linear in s, and wavenumbers whose modes have died out at first_lag, still count:
    /// through the filters' memory, or through antiderivatives, which do not decay.
    bool remembers = false;
    /// A constant part of F counts.
    bool constant_counts = false;
    std::vector<std::complex<double>> node;
    std::vector<GateShare> shares;
  };
  /// Where the integral over wavenumber ends, and how.
  struct Cutoff {
    double last = 0.0;
    double taper_centre = 0.0, taper_width = 0.0;  // no taper if the width is 0
    double operator()(double lambda) const;
  };

  /// What one gate needs of one octave of lags.
  struct GateTerms {
    std::size_t gate = 0;
    std::size_t member = 0;  // of the group
    std::vector<core::LagTerm> terms;
  };

  bool filter_remembers(std::size_t member, double lag) const;
  LagOctave make_octave(double first_lag, const std::vector<GateTerms>& gates) const;
  Cutoff full_range(double height_sum, double largest_k) const;
  /// F at the nodes of an octave, and, for each layer, the factor of s sigma_i in a part linear in
  /// s that was left out.
  struct Transform {
    std::vector<std::complex<double>> value;
    std::vector<double> linear_factor;
  };
  Transform transform(const LagOctave& octave, const core::LayeredModel& model,
                      double height_sum) const;

  core::LoopWeight weight_;
  std::vector<core::ReceiverFilter> filters_;  // of the group's members
  std::vector<double> gains_;
  WavenumberGrid grid_;
  std::vector<LagOctave> octaves_;
};

}  // namespace stratem::reference
