#include "core/plan/builder.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "core/constants.hpp"
#include "core/geometry_group.hpp"
#include "core/lag_octaves.hpp"
#include "core/layered_model.hpp"
#include "core/loop_weight.hpp"
#include "core/plan/doubtful_models.hpp"
#include "core/plan/ensemble.hpp"
#include "core/plan/even_wavenumbers.hpp"
#include "core/plan/gate_windows.hpp"
#include "core/plan/laplace_nodes.hpp"
#include "core/plan/modes.hpp"
#include "core/plan/node_precision.hpp"
#include "core/plan/response_size.hpp"
#include "core/plan/wavenumber_nodes.hpp"
#include "core/polarization.hpp"
#include "core/reflection.hpp"
#include "core/text.hpp"
#include "stratem/error.hpp"

namespace stratem::core {
namespace {

using Complex = std::complex<double>;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The training ensemble reaches this factor beyond the declared resistivities at both ends, so
/// that the declared range's own ends lie inside.
constexpr double training_margin = 2.0;
/// The same for swings, rad, and for chargeabilities.
constexpr double angle_margin = 0.05;
constexpr double chargeability_margin = 0.03;
/// How a plan is fitted and judged.
struct Demands {
  /// Parts of the tolerance: what the fits aim for at first, and what the worst of the held-out
  /// ensemble must be below, because fresh ensembles are a little worse.
  double aimed, promised;
  /// Models of every layer count: fitted to, at least, and held out.
  int training_models, held_out_models;
  int most_wavenumbers;  ///< of a window
};
constexpr Demands plain{0.45, 0.5, 140, 100, 56};
/// Half of the models are polarizable and differ more from each other.
constexpr Demands polarizable{0.15, 0.5, 420, 100, 72};
/// What their fits aim for if that is below the part above, but not below the second part: what
/// polarization leaves of a response may be a hundredth, and lower errors cost few nodes.
constexpr double polarizable_aim = 1.5e-5;
constexpr double least_aimed = 0.03;
/// Part of the tolerance that the spacing of even wavenumbers may take up in training models, which
/// go further than those declared, while their window keeps the first of these aims.
constexpr double even_part = 0.2;
/// Models of every layer count that tell how many of these there must be.
constexpr int spacing_models = 100;
/// Of polarizable models few are hard, and no small ensemble holds them: they are looked for among
/// so many of every layer count, and so many join an ensemble for each window that is fitted.
struct Search {
  int among;
  std::ptrdiff_t joining;
};
constexpr Search to_fit{40000, 300};
constexpr Search to_hold_out{2000, 40};
/// Part of the tolerance that errors of these may be: they are the worst of many already.
constexpr double promised_when_doubtful = 0.9;
/// So often a window that misses is fitted to more of them before it aims lower.
constexpr int most_lessons = 2;
constexpr int most_rounds = 9;
/// Part of the tolerance that rounding in single precision may be in any model, by what its sums
/// tell of it, and how much less it may be where the promise does not hold with that.
constexpr double rounding_part = 0.15;
constexpr double less_rounding = 0.3;
constexpr int most_roundings = 4;
/// Smaller weights cancel less.
constexpr double single_ridge = 1e-6;
/// An interface left out at depth changes r_TE by e^{-exponent}, and the response by up to e^20
/// times that part of it, where it is a small remainder of what its window's sums add up.
constexpr double depth_margin = 24.0;
/// Where modes swing, the Laplace side keeps to this part of the aim: what it leaves is different
/// for every model, and the wavenumbers would be fitted to it in vain.
constexpr double swinging_part = 0.2;
/// Steps to better Laplace nodes or more wavenumbers that a window takes for one aim.
constexpr int most_fits = 4;
/// A window whose error has not fallen by a fifth for so many fits is given up.
constexpr int most_stalls = 3;
constexpr int most_laplace_nodes = 34;
constexpr std::uint64_t training_seed = 5;
constexpr std::uint64_t held_out_seed = 99;
constexpr std::uint64_t doubtful_training_seed = 1000;
constexpr std::uint64_t doubtful_held_out_seed = 2000;

/// A window on its way to a table.
struct Window : GateWindow {
  explicit Window(GateWindow gates) : GateWindow(std::move(gates)) {}
  double aim = 0.0;           // worst error its fits try for
  double laplace_part = 1.0;  // part of the aim that the Laplace nodes' fit must keep to
  int wavenumbers = 0;        // that the search begins with
  double needed = 0.0;        // tolerance that its table keeps, with the margins asked for
  double best = std::numeric_limits<double>::infinity();  // the least of all its tables so far
  int stalls = 0;
  bool is_even = false;  // whether its wavenumbers owe nothing to the training ensemble
  std::optional<GateModes> modes;
  std::map<double, LaplaceNodes> laplace;  // those found so far, by the residual asked for
  PlanWindow table;                        // in double precision
  PlanWindow witness;         // the same with another rule over wavenumbers, if polarizable
  std::size_t in_single = 0;  // of its nodes, the last ones
};

EnsembleRange training_range(const Options& options) {
  EnsembleRange range = ensemble_range(options);
  range.least_resistivity /= training_margin;
  range.most_resistivity *= training_margin;
  if (options.polarizable) {
    range.most_angle += angle_margin;
    range.most_chargeability += chargeability_margin;
  }
  return range;
}

class Builder {
 public:
  Builder(const System& system, const Options& options, const PlanBackends& backends)
      : system_(system),
        options_(options),
        backends_(backends),
        demands_(options.polarizable ? polarizable : plain),
        groups_(geometry_groups(system)),
        times_(gate_times(system)),
        transmitter_height_(system.moments.front().transmitters.front().height) {
    for (const auto& group : groups_) {
      weights_.emplace_back(system.moments[group.front().moment], system.normalization);
      // A little wider, so that the swings of the greatest angle lie inside.
      octaves_.push_back(
          lag_octaves(system, group, options.polarizable ? most_plan_angle + angle_margin : 0.0));
    }
  }

  BuiltPlan build() {
    const auto start = std::chrono::steady_clock::now();
    make_windows();
    can_be_fitted_to_ = !std::ranges::all_of(windows_, &Window::is_even);
    training_ = make_ensemble(
        models_to_fit(can_be_fitted_to_ ? training_models() : spacing_models, training_seed));
    held_out_ = make_ensemble(models_to_hold_out(demands_.held_out_models, held_out_seed));
    ordinary_ = held_out_.models.models;

    Windows all(windows_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    fit(all);
    if (options_.polarizable) {
      const Windows unresolved = those_of(all, &Builder::has_no_table);
      if (!unresolved.empty()) complete_training();
      fit(unresolved);
      const Windows pupils = those_of(all, &Builder::is_fitted);
      learn(pupils);
      fit(pupils);
    }
    BuiltPlan plan = judged(all);
    for (int round = 0; !promise_holds(); ++round) {
      const Windows again = missing();
      if (options_.polarizable) learn(those_of(again, &Builder::is_fitted));
      const bool lessons_first = options_.polarizable && round < most_lessons;
      if (round == most_rounds ||
          !aim_lower(lessons_first ? those_of(again, &Builder::is_even) : again)) {
        throw InputError("tolerance: " + to_text(options_.tolerance) +
                         " cannot be kept for this system and range; " + in_reach() + " can");
      }
      fit(again);
      plan = judged(again);
    }
    if (options_.precision == Precision::in_single) plan = with_single_precision(std::move(plan));
    plan.accuracy.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return plan;
  }

 private:
  using Windows = std::vector<std::size_t>;  // their numbers

  ModelSet models_to_fit(int per_count, std::uint64_t seed) const {
    return random_models(training_range(options_), {1, 2, 3, 6}, per_count, seed);
  }
  ModelSet models_to_hold_out(int per_count, std::uint64_t seed) const {
    return random_models(ensemble_range(options_), {1, 2, 3, 8, std::min<int>(options_.layers, 30)},
                         per_count, seed);
  }

  bool is_even(std::size_t window) const { return windows_[window].is_even; }
  bool is_fitted(std::size_t window) const { return !is_even(window); }
  bool has_no_table(std::size_t window) const { return windows_[window].table.node.empty(); }
  Windows those_of(const Windows& windows, bool (Builder::*are)(std::size_t) const) const {
    Windows chosen;
    std::ranges::copy_if(windows, std::back_inserter(chosen),
                         [&](std::size_t window) { return (this->*are)(window); });
    return chosen;
  }

  /// So that windows can be fitted to it.
  void complete_training() {
    if (can_be_fitted_to_) return;
    can_be_fitted_to_ = true;
    training_ = make_ensemble(models_to_fit(training_models(), training_seed));
  }

  /// Models that windows may not suit join those that are fitted to. What they may err counts less.
  void learn(const Windows& windows) {
    if (windows.empty()) return;
    complete_training();
    const ModelSet among = models_to_fit(to_fit.among, doubtful_training_seed + lessons_++);
    Ensemble more =
        make_ensemble(select_models(among.view(), doubtful(among, windows, to_fit.joining)));
    for (double& size : more.size) size *= promised_when_doubtful / demands_.promised;
    append(training_, more);
  }

  /// The plan as it is, measured after such models for its new windows joined those held out.
  BuiltPlan judged(const Windows& fitted) {
    if (!options_.polarizable) return measured();
    const ModelSet among = models_to_hold_out(to_hold_out.among, doubtful_held_out_seed);
    std::vector<std::int64_t> joining;
    for (const std::int64_t number : doubtful(among, fitted, to_hold_out.joining)) {
      if (held_out_already_.insert(number).second) joining.push_back(number);
    }
    if (!joining.empty()) append(held_out_, make_ensemble(select_models(among.view(), joining)));
    return measured();
  }

  /// The numbers of models that these windows may not suit.
  std::vector<std::int64_t> doubtful(const ModelSet& among, const Windows& windows,
                                     std::ptrdiff_t count) const {
    const PlanTable plan = table();
    PlanTable witness = plan;
    witness.windows.clear();
    for (const auto& window : windows_) witness.windows.push_back(window.witness);
    std::vector<std::vector<std::int64_t>> gates;
    for (const std::size_t w : windows) {
      gates.emplace_back();
      for (const auto& row : windows_[w].table.rows) gates.back().push_back(row.gate);
    }
    const Responses responses = backends_.fast(plan, among);
    return doubtful_models(responses, backends_.fast(witness, among),
                           response_sizes(system_, responses), gates, count);
  }

  Ensemble make_ensemble(ModelSet models) const {
    Ensemble ensemble;
    ensemble.models = std::move(models);
    ensemble.truth = backends_.truth(ensemble.models);
    ensemble.size = response_sizes(system_, ensemble.truth);
    return ensemble;
  }

  void make_windows() {
    for (auto& gates : gate_windows(system_, groups_, times_)) {
      Window window(std::move(gates));
      window.is_even = options_.polarizable && above_ground(window);
      window.aim = first_aim();
      window.laplace_part = options_.polarizable ? swinging_part : 1.0;
      window.wavenumbers = enough_wavenumbers(window.aim);
      windows_.push_back(std::move(window));
    }
  }

  /// Whether e^{-lambda H} ends the integrals of all its geometries.
  bool above_ground(const Window& window) const {
    return std::ranges::all_of(window.geometries, [this](const auto& geometry) {
      return height_sums(geometry.group).min > 0.0;
    });
  }

  double first_aim() const {
    const double aim = demands_.aimed * options_.tolerance;
    if (!options_.polarizable) return aim;
    return std::max(std::min(aim, polarizable_aim), least_aimed * options_.tolerance);
  }

  /// The search leaves out one wavenumber after another. From too few it does not find its way.
  int enough_wavenumbers(double aim) const {
    if (options_.polarizable) return demands_.most_wavenumbers;
    const int enough = static_cast<int>(14.0 - 6.0 * std::log10(aim));
    return std::clamp(enough, 24, demands_.most_wavenumbers);
  }

  /// Models of every layer count to fit to: few gates in a window need more of them, or the
  /// window's weights would fit those models alone.
  int training_models() const {
    const std::ptrdiff_t fewest_rows = std::ptrdiff_t{4} * demands_.training_models;
    std::ptrdiff_t gates = fewest_rows;
    for (const auto& window : windows_) {
      for (const auto& geometry : window.geometries) {
        gates = std::min(gates, std::ssize(geometry.gates));
      }
    }
    return static_cast<int>(
        std::max<std::ptrdiff_t>(demands_.training_models, fewest_rows / gates));
  }

  double half_period(const Window& window) const {
    double half_period = 0.0;
    for (const auto& geometry : window.geometries) {
      for (const auto& member : groups_[geometry.group]) {
        const auto& frequency = system_.moments[member.moment].base_frequency;
        if (frequency) half_period = std::max(half_period, 0.5 / *frequency);
      }
    }
    return half_period;
  }

  GroundRange ground_range() const {
    return {options_.resistivity.min / training_margin, options_.resistivity.max * training_margin,
            options_.polarizable ? most_plan_angle : 0.0};
  }

  /// Of transmitter and receiver, m.
  Range height_sums(std::size_t group) const {
    const double base = weights_[group].height_sum();
    if (!options_.height) return {base, base};
    return {base + 2.0 * (options_.height->min - transmitter_height_),
            base + 2.0 * (options_.height->max - transmitter_height_)};
  }

  /// Fits windows side by side.
  void fit(const Windows& windows) {
    tbb::task_arena arena(options_.threads > 0 ? options_.threads : tbb::task_arena::automatic);
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, windows.size(),
                        [&](std::size_t i) { fit(windows_[windows[i]]); });
    });
  }

  /// Nodes and weights of one window for its aim; none if even wavenumbers do not resolve it, which
  /// it remembers.
  void fit(Window& window) const {
    if (window.is_even) {
      const LaplaceNodes& laplace = finest_laplace(window);
      const double worst = even_part * options_.tolerance * window.aim / first_aim();
      const auto rules = even_wavenumber_rules(wavenumber_target(window, laplace), worst);
      window.is_even = rules.has_value();
      if (rules) tabulate(window, laplace, *rules);
    } else {
      fit_to_models(window);
    }
  }

  /// The same, with wavenumbers that are fitted to the training ensemble. Where no wavenumbers
  /// reach it, either the Laplace nodes are not good enough or the search began with too few
  /// wavenumbers: it shows which.
  void fit_to_models(Window& window) const {
    constexpr double helps = 0.8;
    const LaplaceNodes* laplace = &find_laplace(window, window.laplace_part);
    WavenumberRules rules = find_wavenumbers(window, *laplace);
    for (int fits = 1; rules.best.worst > window.aim && fits < most_fits; ++fits) {
      if (std::ssize(laplace->node) < most_laplace_nodes) {
        const double part = 0.2 * std::min(window.laplace_part, laplace->residual / window.aim);
        const LaplaceNodes& finer = find_laplace(window, part);
        // At the bottom of what can be had, more nodes only swing further.
        if (options_.polarizable && finer.residual > part * window.aim) break;
        WavenumberRules of_finer = find_wavenumbers(window, finer);
        if (of_finer.best.worst < helps * rules.best.worst) {
          window.laplace_part = part;
          laplace = &finer;
          rules = std::move(of_finer);
          continue;
        }
      }
      if (window.wavenumbers >= demands_.most_wavenumbers) break;
      window.wavenumbers = std::min(window.wavenumbers * 4 / 3, demands_.most_wavenumbers);
      rules = find_wavenumbers(window, *laplace);
    }
    tabulate(window, *laplace, rules);
  }

  void tabulate(Window& window, const LaplaceNodes& laplace, const WavenumberRules& rules) const {
    window.table = table_of(window, laplace, rules.best);
    if (options_.polarizable) window.witness = table_of(window, laplace, rules.witness);
  }

  /// Nodes whose fit keeps to a part of the window's aim. They do not depend on the training
  /// ensemble, so that windows fitted again do not search again.
  const LaplaceNodes& find_laplace(Window& window, double part) const {
    if (!window.modes) window.modes = window_modes(window);
    const auto [found, is_new] = window.laplace.try_emplace(part * window.aim);
    if (is_new) {
      found->second = find_laplace_nodes(*window.modes, window.first, window.last,
                                         half_period(window), found->first, most_laplace_nodes);
    }
    return found->second;
  }

  /// For the window's aim; once a search has not reached what was asked of it, the finest that did.
  const LaplaceNodes& finest_laplace(Window& window) const {
    const auto reached = [](const auto& found) { return found.second.residual <= found.first; };
    if (std::ranges::all_of(window.laplace, reached)) find_laplace(window, window.laplace_part);
    const auto finest = std::ranges::find_if(window.laplace, reached);  // keys increase
    return finest == window.laplace.end() ? window.laplace.begin()->second : finest->second;
  }

  GateModes window_modes(const Window& window) const {
    std::vector<GeometryGates> geometries;
    for (const auto& [group, gates] : window.geometries) {
      geometries.push_back({gates, &octaves_[group], &weights_[group], height_sums(group)});
    }
    return gate_modes(geometries, ground_range(), window.first, window.last);
  }

  WavenumberRules find_wavenumbers(const Window& window, const LaplaceNodes& laplace) const {
    return find_wavenumber_rules(wavenumber_target(window, laplace), window.wavenumbers,
                                 window.aim);
  }

  WavenumberTarget wavenumber_target(const Window& window, const LaplaceNodes& laplace) const {
    WavenumberTarget target;
    target.rows = [&](const std::vector<double>& wavenumber) {
      return training_rows(window, laplace, wavenumber);
    };
    for (const auto& geometry : window.geometries) {
      target.response.push_back(training_responses(geometry.gates));
    }
    const double longest = std::max(window.last, half_period(window));
    target.first = 0.1 * std::sqrt(mu0 / (ground_range().most_resistivity * longest));
    target.last = largest_wavenumber(window);
    if (options_.precision == Precision::in_single) target.most_ridge = single_ridge;
    if (options_.polarizable) {
      target.witness = true;
      for (const auto& geometry : window.geometries) {
        const LoopWeight& weight = weights_[geometry.group];
        target.integrand.emplace_back([&weight](double lambda) {
          return weight(lambda) * std::exp(-lambda * weight.height_sum());
        });
      }
    }
    return target;
  }

  static PlanWindow table_of(const GateWindow& window, const LaplaceNodes& laplace,
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

  /// The largest wavenumber that may matter in a window, 1/m: diffusion has smoothed larger ones
  /// away, but not polarization, which decays alike at all.
  double largest_wavenumber(const Window& window) const {
    double diffused = std::numeric_limits<double>::infinity();
    if (!options_.polarizable) {
      diffused = std::sqrt(30.0 * mu0 / (ground_range().least_resistivity * shortest_time(window)));
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

  /// What a model's height adds to the sum of transmitter and receiver height, m.
  double height_change(const ModelBatch& batch, std::int64_t model) const {
    return batch.height.empty() ? 0.0 : 2.0 * (batch.height[model] - transmitter_height_);
  }

  /// The shortest time that matters in a window: a filter still remembers modes that have decayed
  /// themselves.
  double shortest_time(const Window& window) const {
    for (const auto& [group, gates] : window.geometries) {
      for (const auto& octave : octaves_[group]) {
        if (octave.remembers && serves(octave, gates)) return 0.1 * window.first;
      }
    }
    return window.first;
  }

  static bool serves(const LagOctave& octave, const std::vector<std::size_t>& gates) {
    return std::ranges::any_of(octave.shares, [&](const GateShare& share) {
      return std::ranges::find(gates, share.gate) != gates.end();
    });
  }

  VectorXd training_responses(const std::vector<std::size_t>& gates) const {
    VectorXd response(training_.models.models * std::ssize(gates));
    Index row = 0;
    for (std::int64_t m = 0; m < training_.models.models; ++m) {
      for (const std::size_t g : gates) {
        const auto i = static_cast<std::size_t>(m * training_.truth.gates) + g;
        response[row++] = training_.truth.response[i] / training_.size[i];
      }
    }
    return response;
  }

  /// See WavenumberTarget::rows.
  std::vector<MatrixXd> training_rows(const Window& window, const LaplaceNodes& laplace,
                                      const std::vector<double>& wavenumber) const {
    const auto count = static_cast<Index>(wavenumber.size());
    const auto nodes = static_cast<Index>(laplace.node.size());
    const ModelBatch batch = training_.models.view();
    std::vector<MatrixXd> rows;
    for (const auto& geometry : window.geometries) {
      rows.emplace_back(batch.models * std::ssize(geometry.gates), count);
    }
    LayeredModel model;
    Eigen::MatrixXcd r(count, nodes);
    for (std::int64_t m = 0; m < batch.models; ++m) {
      gather(batch, m, model);
      const double change = height_change(batch, m);
      for (Index j = 0; j < nodes; ++j) {
        const auto k = layer_constants(model, laplace.node[static_cast<std::size_t>(j)]);
        for (Index i = 0; i < count; ++i) {
          const double lambda = wavenumber[static_cast<std::size_t>(i)];
          r(i, j) = reflection_coefficient(k, model.thickness, lambda) * std::exp(-lambda * change);
        }
      }
      const MatrixXd response = (r * laplace.weight).real();  // [wavenumbers, gates]
      Index column = 0;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        Index row = m * std::ssize(window.geometries[i].gates);
        for (const std::size_t gate : window.geometries[i].gates) {
          const auto at = static_cast<std::size_t>(m * training_.truth.gates) + gate;
          rows[i].row(row++) = response.col(column++).transpose() / training_.size[at];
        }
      }
    }
    return rows;
  }

  PlanTable table() const {
    PlanTable table;
    table.gates = gate_count(system_);
    table.deepest_exponent = depth_margin - std::log(options_.tolerance);
    table.largest_cancellation = largest_cancellation_;
    for (const auto& window : windows_) {
      for (auto& part :
           cut_by_precision(window.table, window.table.node.size() - window.in_single)) {
        table.windows.push_back(std::move(part));
      }
    }
    return table;
  }

  BuiltPlan measured() {
    BuiltPlan plan;
    plan.table = table();
    plan.accuracy = measure(plan.table);
    return plan;
  }

  /// Of the table measured last.
  bool promise_holds() const { return missing().empty(); }

  /// Windows that the promise does not hold for.
  Windows missing() const {
    Windows numbers;
    for (std::size_t w = 0; w < windows_.size(); ++w) {
      if (windows_[w].needed > options_.tolerance) numbers.push_back(w);
    }
    return numbers;
  }

  /// The plan with single precision where it saves time; as it is where the promise would not hold.
  BuiltPlan with_single_precision(BuiltPlan in_double) {
    std::vector<Cancellation> cancellations;
    for (const auto& window : windows_) {
      cancellations.emplace_back(window.table, system_, held_out_.models.view(), held_out_.truth);
    }
    double part = rounding_part;
    for (int i = 0; i < most_roundings; ++i, part *= less_rounding) {
      largest_cancellation_ = part * options_.tolerance / single_rounding;
      const auto counts = nodes_in_double(cancellations, largest_cancellation_);
      for (std::size_t w = 0; w < counts.size(); ++w) {
        windows_[w].in_single = cancellations[w].nodes() - counts[w];
      }
      BuiltPlan plan = measured();
      if (promise_holds()) return plan;
    }
    return in_double;
  }

  /// Errors over the held-out ensemble, of the plan and of each window.
  PlanAccuracy measure(const PlanTable& table) {
    const Responses fast = backends_.fast(table, held_out_.models);
    std::vector<double> worst_of_gate(times_.size(), 0.0);
    std::vector<double> needed_of_gate(times_.size(), 0.0);
    std::vector<double> errors;
    PlanAccuracy accuracy;
    for (std::int64_t m = 0; m < fast.models; ++m) {
      const double promised = m < ordinary_ ? demands_.promised : promised_when_doubtful;
      for (std::size_t g = 0; g < times_.size(); ++g) {
        const auto i = static_cast<std::size_t>(m * fast.gates) + g;
        double error = std::abs(fast.response[i] - held_out_.truth.response[i]) / held_out_.size[i];
        if (!std::isfinite(error)) error = std::numeric_limits<double>::max();
        errors.push_back(error);
        worst_of_gate[g] = std::max(worst_of_gate[g], error);
        needed_of_gate[g] = std::max(needed_of_gate[g], error / promised);
        if (error > accuracy.worst) {
          accuracy.worst = error;
          accuracy.worst_gate = static_cast<std::int64_t>(g);
          accuracy.worst_model = m;
        }
      }
    }
    std::ranges::nth_element(errors,
                             errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2));
    accuracy.median = errors[errors.size() / 2];
    accuracy.worst_time = times_[static_cast<std::size_t>(accuracy.worst_gate)];
    accuracy.training_models = training_.models.models;
    accuracy.held_out_models = held_out_.models.models;
    accuracy.evaluations = table.evaluations();
    for (auto& window : windows_) {
      double worst = 0.0;
      window.needed = 0.0;
      for (const auto& geometry : window.geometries) {
        for (const std::size_t g : geometry.gates) {
          worst = std::max(worst, worst_of_gate[g]);
          window.needed = std::max(window.needed, needed_of_gate[g]);
        }
      }
      accuracy.windows.push_back({window.first, window.last,
                                  static_cast<int>(window.table.node.size()),
                                  static_cast<int>(window.in_single),
                                  static_cast<int>(window.table.wavenumber.size()), worst});
    }
    return accuracy;
  }

  /// Sets windows that miss to aim lower. False if one cannot be improved.
  bool aim_lower(const Windows& windows) {
    for (const std::size_t w : windows) {
      Window& window = windows_[w];
      window.stalls = window.needed > 0.8 * window.best ? window.stalls + 1 : 0;
      window.best = std::min(window.best, window.needed);
      if (window.stalls >= most_stalls) return false;
      window.aim *= std::clamp(0.8 * options_.tolerance / window.needed, 0.25, 0.7);
      window.wavenumbers = std::max(window.wavenumbers, enough_wavenumbers(window.aim));
    }
    return true;
  }

  /// The tolerance that the best tables of all windows would have kept.
  std::string in_reach() const {
    double reachable = 0.0;
    for (const auto& window : windows_) {
      reachable = std::max(reachable, std::min(window.best, window.needed));
    }
    if (!(reachable <= largest_tolerance))
      return "no tolerance up to " + to_text(largest_tolerance);
    // Rounded up to two digits.
    const double unit = std::pow(10.0, std::floor(std::log10(reachable)) - 1.0);
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.begin(), text.end(), std::ceil(reachable / unit) * unit,
                                   std::chars_format::general, 2);
    return {text.begin(), end.ptr};
  }

  const System& system_;
  const Options& options_;
  const PlanBackends& backends_;
  Demands demands_;
  std::vector<std::vector<GroupMember>> groups_;
  std::vector<double> times_;
  std::vector<LoopWeight> weights_;
  std::vector<std::vector<LagOctave>> octaves_;
  double transmitter_height_;
  Ensemble training_;
  bool can_be_fitted_to_ = false;
  Ensemble held_out_;
  std::int64_t ordinary_ = 0;  // of the latter, the first ones; the others were looked for
  std::set<std::int64_t> held_out_already_;  // numbers of these
  std::uint64_t lessons_ = 0;
  std::vector<Window> windows_;
  double largest_cancellation_ = std::numeric_limits<double>::infinity();
};

}  // namespace

BuiltPlan build_plan(const System& system, const Options& options, const PlanBackends& backends) {
  return Builder(system, options, backends).build();
}

}  // namespace stratem::core
