// The nodes and weights of one window.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "core/plan/build_monitor.hpp"
#include "core/plan/ensemble.hpp"
#include "core/plan/gate_windows.hpp"
#include "core/plan/laplace_nodes.hpp"
#include "core/plan/modes.hpp"
#include "core/plan/plan_table.hpp"
#include "core/plan/survey_setup.hpp"
#include "core/plan/wavenumber_nodes.hpp"

namespace stratem::core {

/// A window on its way to a table.
struct FittedWindow : GateWindow {
  explicit FittedWindow(GateWindow gates) : GateWindow(std::move(gates)) {}

  double aim = 0.0;           ///< largest error that its fits try for
  double laplace_part = 1.0;  ///< part of the aim that the residual of the Laplace nodes may reach
  int wavenumbers = 0;        ///< number of wavenumbers that the search begins with
  bool is_even = false;       ///< whether its wavenumbers are evenly spaced, not fitted
  std::optional<GateModes> modes;
  std::map<double, LaplaceNodes> laplace;  ///< those found so far, by the residual asked for
  PlanWindow table;                        ///< in double precision; empty before the first fit
  /// A table with more wavenumbers and, if the plan is not polarizable, other Laplace nodes. Its
  /// difference from `table` estimates the error of `table`.
  PlanWindow finer;
  std::map<double, LaplaceNodes> finer_laplace;  ///< by the residual of the nodes in `table`
};

/// Const and thread-safe: windows may be fitted side by side.
class WindowFitter {
 public:
  /// The survey and the monitor must outlive it.
  explicit WindowFitter(const SurveySetup& survey,
                        const BuildMonitor& monitor = BuildMonitor::unwatched())
      : survey_(survey), monitor_(monitor) {}

  /// A window that is not fitted yet.
  FittedWindow begin(GateWindow gates) const;

  /// Finds nodes and weights for the window's aim. If even wavenumbers do not resolve the
  /// integrand, the table stays as it was and is_even becomes false.
  void fit(FittedWindow& window, const Ensemble& training) const;

  /// Multiplies the aim. Laplace nodes found so far are kept.
  void lower_aim(FittedWindow& window, double factor) const;

 private:
  double first_aim() const;
  int most_wavenumbers() const;
  int enough_wavenumbers(double aim) const;
  void fit_evenly(FittedWindow& window, const Ensemble& training) const;
  void fit_to_models(FittedWindow& window, const Ensemble& training) const;
  void tabulate(FittedWindow& window, const LaplaceNodes& laplace, const WavenumberRules& rules,
                const Ensemble& training) const;
  const LaplaceNodes& find_laplace(FittedWindow& window, double part) const;
  const LaplaceNodes& finer_laplace(FittedWindow& window, const LaplaceNodes& laplace) const;
  const LaplaceNodes& finest_laplace(FittedWindow& window) const;
  WavenumberRules find_wavenumbers(const FittedWindow& window, const LaplaceNodes& laplace,
                                   const Ensemble& training) const;
  WavenumberTarget target(const FittedWindow& window, const LaplaceNodes& laplace,
                          const Ensemble& training) const;

  const SurveySetup& survey_;
  const BuildMonitor& monitor_;
};

}  // namespace stratem::core
