#include "core/plan/window_fitter.hpp"

#include <algorithm>
#include <cmath>

#include "core/plan/even_wavenumbers.hpp"
#include "core/plan/training_rows.hpp"

namespace stratem::core {
namespace {

/// Part of the tolerance that fits aim for at first.
constexpr double aimed = 0.65;
/// Polarizable models differ more from each other, so their fits aim lower. They aim for
/// `aimed_if_polarizable` of the tolerance or for the error `polarizable_aim`, whichever is less,
/// but not below `least_aimed` of the tolerance. Polarization may cancel all but a hundredth of a
/// response, and lower errors cost few nodes.
constexpr double aimed_if_polarizable = 0.15;
constexpr double least_aimed = 0.03;
constexpr double polarizable_aim = 1.5e-5;
/// Part of the tolerance that the spacing of even wavenumbers may take up in training models.
constexpr double even_part = 0.2;
/// Where modes oscillate, the residual of the Laplace nodes may be this part of the aim. It is
/// different for every model, so the wavenumbers cannot make up for it.
constexpr double oscillating_part = 0.2;
/// The same without oscillations.
constexpr double laplace_part = 0.3;
/// Steps to better Laplace nodes or more wavenumbers that a window takes for one aim.
constexpr int most_fits = 4;
constexpr int most_laplace_nodes = 34;
/// The finer table's aim, relative to the table's.
constexpr double finer_aim = 0.1;
/// The largest ridge for single precision. Smaller weights cancel less.
constexpr double single_ridge = 1e-6;

PlanWindow table_of(const GateWindow& window, const LaplaceNodes& laplace,
                    const WavenumberRule& rule) {
  PlanWindow table;
  table.node = laplace.node;
  table.wavenumber = rule.wavenumber;
  table.weight = rule.weight;
  for (std::size_t i = 0; i < window.geometries.size(); ++i) {
    for (const std::size_t gate : window.geometries[i].gates) {
      const auto weight = laplace.weight.col(std::ssize(table.rows));
      table.rows.push_back({static_cast<std::int64_t>(gate),
                            static_cast<std::int64_t>(i),
                            {weight.begin(), weight.end()}});
    }
  }
  return table;
}

}  // namespace

FittedWindow WindowFitter::begin(GateWindow gates) const {
  const bool polarizable = survey_.options().polarizable;
  FittedWindow window(std::move(gates));
  window.is_even = polarizable && survey_.above_ground(window);
  window.aim = first_aim();
  window.laplace_part = polarizable ? oscillating_part : laplace_part;
  window.wavenumbers = enough_wavenumbers(window.aim);
  return window;
}

double WindowFitter::first_aim() const {
  const double tolerance = survey_.options().tolerance;
  if (!survey_.options().polarizable) return aimed * tolerance;
  return std::max(std::min(aimed_if_polarizable * tolerance, polarizable_aim),
                  least_aimed * tolerance);
}

int WindowFitter::most_wavenumbers() const { return survey_.options().polarizable ? 72 : 56; }

/// The search leaves out one wavenumber after another. It fails if it starts from too few.
int WindowFitter::enough_wavenumbers(double aim) const {
  if (survey_.options().polarizable) return most_wavenumbers();
  const int enough = static_cast<int>(14.0 - 6.0 * std::log10(aim));
  return std::clamp(enough, 24, most_wavenumbers());
}

void WindowFitter::lower_aim(FittedWindow& window, double factor) const {
  window.aim *= factor;
  window.wavenumbers = std::max(window.wavenumbers, enough_wavenumbers(window.aim));
}

void WindowFitter::fit(FittedWindow& window, const Ensemble& training) const {
  if (window.is_even) {
    fit_evenly(window, training);
  } else {
    fit_to_models(window, training);
  }
}

void WindowFitter::fit_evenly(FittedWindow& window, const Ensemble& training) const {
  const LaplaceNodes& laplace = finest_laplace(window);
  const auto rules = even_wavenumber_rules(target(window, laplace, training),
                                           even_part * survey_.options().tolerance);
  window.is_even = rules.has_value();
  if (rules) tabulate(window, laplace, *rules, training);
}

/// If no wavenumbers reach the aim, either the Laplace nodes are not good enough or the search
/// began with too few wavenumbers. Trying better nodes shows which.
void WindowFitter::fit_to_models(FittedWindow& window, const Ensemble& training) const {
  constexpr double helps = 0.8;
  const LaplaceNodes* laplace = &find_laplace(window, window.laplace_part);
  WavenumberRules rules = find_wavenumbers(window, *laplace, training);
  for (int fits = 1; rules.best.worst > window.aim && fits < most_fits; ++fits) {
    if (std::ssize(laplace->node) < most_laplace_nodes) {
      const double part = 0.3 * std::min(window.laplace_part, laplace->residual / window.aim);
      const LaplaceNodes& finer = find_laplace(window, part);
      // If the residual cannot become smaller, more nodes only have larger weights.
      if (survey_.options().polarizable && finer.residual > part * window.aim) break;
      WavenumberRules of_finer = find_wavenumbers(window, finer, training);
      if (of_finer.best.worst < std::max(window.aim, helps * rules.best.worst)) {
        window.laplace_part = part;
        laplace = &finer;
        rules = std::move(of_finer);
        continue;
      }
    }
    if (window.wavenumbers >= most_wavenumbers()) break;
    window.wavenumbers = std::min(window.wavenumbers * 4 / 3, most_wavenumbers());
    rules = find_wavenumbers(window, *laplace, training);
  }
  tabulate(window, *laplace, rules, training);
}

void WindowFitter::tabulate(FittedWindow& window, const LaplaceNodes& laplace,
                            const WavenumberRules& rules, const Ensemble& training) const {
  window.table = table_of(window, laplace, rules.best);
  if (!rules.finer.weight.empty()) {
    window.finer = table_of(window, laplace, rules.finer);
    return;
  }
  const LaplaceNodes& finer = finer_laplace(window, laplace);
  window.finer = table_of(window, finer,
                          fit_wavenumber_rule(target(window, finer, training),
                                              rules.finer.wavenumber, finer_aim * window.aim));
}

/// More nodes than `laplace` has, with a far smaller residual. In polarizable plans, returns
/// `laplace` itself.
const LaplaceNodes& WindowFitter::finer_laplace(FittedWindow& window,
                                                const LaplaceNodes& laplace) const {
  if (survey_.options().polarizable) return laplace;
  const auto [found, is_new] = window.finer_laplace.try_emplace(laplace.residual);
  if (is_new) {
    found->second =
        finer_laplace_nodes(*window.modes, window.first, window.last, survey_.half_period(window),
                            laplace, finer_aim * laplace.residual, monitor_);
  }
  return found->second;
}

/// Nodes whose residual is a part of the window's aim. They do not depend on the training ensemble,
/// so a window that is fitted again reuses them.
const LaplaceNodes& WindowFitter::find_laplace(FittedWindow& window, double part) const {
  if (!window.modes) window.modes = survey_.modes(window);
  const auto [found, is_new] = window.laplace.try_emplace(part * window.aim);
  if (is_new) {
    found->second =
        find_laplace_nodes(*window.modes, window.first, window.last, survey_.half_period(window),
                           found->first, most_laplace_nodes, monitor_);
  }
  return found->second;
}

/// Nodes for the window's aim. Once a search has failed to reach its residual, returns the finest
/// nodes of those that succeeded.
const LaplaceNodes& WindowFitter::finest_laplace(FittedWindow& window) const {
  const auto reached = [](const auto& found) { return found.second.residual <= found.first; };
  if (std::ranges::all_of(window.laplace, reached)) find_laplace(window, window.laplace_part);
  const auto finest = std::ranges::find_if(window.laplace, reached);  // keys increase
  return finest == window.laplace.end() ? window.laplace.begin()->second : finest->second;
}

WavenumberRules WindowFitter::find_wavenumbers(const FittedWindow& window,
                                               const LaplaceNodes& laplace,
                                               const Ensemble& training) const {
  WavenumberTarget rows = target(window, laplace, training);
  rows.known = window.table.wavenumber;
  return find_wavenumber_rules(rows, window.wavenumbers, window.aim);
}

WavenumberTarget WindowFitter::target(const FittedWindow& window, const LaplaceNodes& laplace,
                                      const Ensemble& training) const {
  const PlanOptions& options = survey_.options();
  const Range wavenumbers = survey_.wavenumbers(window);
  WavenumberTarget target;
  target.rows = [&](const std::vector<double>& wavenumber) {
    monitor_.checkpoint();
    return training_rows(training, survey_, window, laplace, wavenumber);
  };
  target.checkpoint = [&monitor = monitor_] { monitor.checkpoint(); };
  target.first = wavenumbers.min;
  target.last = wavenumbers.max;
  for (const auto& geometry : window.geometries) {
    target.response.push_back(training_responses(training, geometry.gates));
    if (options.polarizable) target.integrand.push_back(survey_.integrand(geometry));
  }
  if (options.precision == Precision::float32) target.most_ridge = single_ridge;
  return target;
}

}  // namespace stratem::core
