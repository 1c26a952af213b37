// A survey system with the ranges that its plan is declared for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/plan/ensemble.hpp"
#include "core/plan/gate_windows.hpp"
#include "core/plan/modes.hpp"
#include "core/survey/geometry_group.hpp"
#include "core/survey/lag_octaves.hpp"
#include "core/survey/loop_weight.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The facts about a survey that the parts of the builder need. System and options must outlive it.
class SurveySetup {
 public:
  SurveySetup(const System& system, const PlanOptions& options);

  const System& system() const { return system_; }
  const PlanOptions& options() const { return options_; }
  const std::vector<double>& times() const { return times_; }  ///< see gate_times()
  std::vector<GateWindow> windows() const { return gate_windows(system_, groups_, times_); }

  /// The range that training ensembles are drawn from: somewhat wider than the declared one.
  EnsembleRange training_range() const;

  /// Whether e^{-lambda H} makes the integrals of all the window's geometries converge.
  bool above_ground(const GateWindow& window) const;
  /// The longest half period of the window's moments, s; 0 if none has a base frequency.
  double half_period(const GateWindow& window) const;
  GateModes modes(const GateWindow& window) const;
  /// The smallest and the largest wavenumber that may matter in a window, 1/m.
  Range wavenumbers(const GateWindow& window) const;
  /// The factor of r_TE in the integral over wavenumber, for a geometry of a window. Refers to the
  /// survey.
  std::function<double(double)> integrand(const WindowGates& geometry) const;
  /// How much a model's height adds to the sum of transmitter and receiver height, m.
  double height_change(const ModelBatch& batch, std::int64_t model) const;

 private:
  GroundRange ground_range() const;
  Range height_sums(std::size_t group) const;
  double shortest_time(const GateWindow& window) const;
  double largest_wavenumber(const GateWindow& window) const;

  const System& system_;
  const PlanOptions& options_;
  std::vector<std::vector<GroupMember>> groups_;
  std::vector<double> times_;
  std::vector<LoopWeight> weights_;              // [groups]
  std::vector<std::vector<LagOctave>> octaves_;  // [groups]
  double transmitter_height_;                    // m
};

}  // namespace stratem::core
