#include "core/plan/builder.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "core/constants.hpp"
#include "core/geometry_group.hpp"
#include "core/lag_octaves.hpp"
#include "core/layered_model.hpp"
#include "core/loop_weight.hpp"
#include "core/plan/ensemble.hpp"
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
/// How a plan is fitted and judged.
struct Demands {
  /// Parts of the tolerance: what the fits aim for at first, and what the worst of the held-out
  /// ensemble must be below, because fresh ensembles are a little worse.
  double aimed, promised;
  /// Models of every layer count: fitted to, at least, and held out.
  int training_models, held_out_models;
};
constexpr Demands plain{0.45, 0.5, 140, 100};
/// Half of the models are polarizable and differ more from each other; where their responses change
/// sign few are hard.
constexpr Demands polarizable{0.15, 0.3, 420, 200};
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
constexpr int most_wavenumbers = 56;
constexpr std::uint64_t training_seed = 5;
constexpr std::uint64_t held_out_seed = 99;

/// Models with their true responses and the sizes errors are relative to.
struct Ensemble {
  ModelSet models;
  Responses truth;
  std::vector<double> size;
};

/// A window on its way to a table.
struct Window : GateWindow {
  explicit Window(GateWindow gates) : GateWindow(std::move(gates)) {}
  double aim = 0.0;           // worst error its fits try for
  double laplace_part = 1.0;  // part of the aim that the Laplace nodes' fit must keep to
  int wavenumbers = 0;        // that the search begins with
  double error = 0.0;         // worst one measured of its table
  double best = std::numeric_limits<double>::infinity();  // the least of all its tables so far
  int stalls = 0;
  PlanWindow table;           // in double precision
  std::size_t in_single = 0;  // of its nodes, the last ones
};

EnsembleRange training_range(const Options& options) {
  EnsembleRange range = ensemble_range(options);
  range.least_resistivity /= training_margin;
  range.most_resistivity *= training_margin;
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
          lag_octaves(system, group, options.polarizable ? most_plan_angle + 0.05 : 0.0));
    }
  }

  BuiltPlan build() {
    const auto start = std::chrono::steady_clock::now();
    make_windows();
    training_ = make_ensemble(
        random_models(training_range(options_), {1, 2, 3, 6}, training_models(), training_seed));
    ModelSet held_out =
        random_models(ensemble_range(options_), {1, 2, 3, 8, std::min<int>(options_.layers, 30)},
                      demands_.held_out_models, held_out_seed);
    held_out_ = make_ensemble(std::move(held_out));

    std::vector<std::size_t> all(windows_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    fit(all);
    BuiltPlan plan = measured();
    for (int round = 0; !holds(plan); ++round) {
      if (round == most_rounds || !improve()) {
        throw InputError("tolerance: " + to_text(options_.tolerance) +
                         " cannot be kept for this system and range; " + in_reach() + " can");
      }
      plan = measured();
    }
    if (options_.precision == Precision::in_single) plan = with_single_precision(std::move(plan));
    plan.accuracy.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return plan;
  }

 private:
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
      window.aim = demands_.aimed * options_.tolerance;
      window.laplace_part = options_.polarizable ? swinging_part : 1.0;
      window.wavenumbers = enough_wavenumbers(window.aim);
      windows_.push_back(std::move(window));
    }
  }

  /// The search leaves out one wavenumber after another. From too few it does not find its way.
  int enough_wavenumbers(double aim) const {
    const int enough = static_cast<int>(14.0 - 6.0 * std::log10(aim));
    return options_.polarizable ? most_wavenumbers : std::clamp(enough, 24, most_wavenumbers);
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
  void fit(const std::vector<std::size_t>& windows) {
    tbb::task_arena arena(options_.threads > 0 ? options_.threads : tbb::task_arena::automatic);
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, windows.size(),
                        [&](std::size_t i) { fit(windows_[windows[i]]); });
    });
  }

  /// Nodes and weights of one window for its aim. Where no wavenumbers reach it, either the Laplace
  /// nodes are not good enough or the search began with too few wavenumbers: it shows which.
  void fit(Window& window) const {
    constexpr double helps = 0.8;
    const GateModes modes = window_modes(window);
    LaplaceNodes laplace = find_laplace(window, modes, window.laplace_part);
    WavenumberRule rule = find_wavenumbers(window, laplace);
    std::optional<LaplaceNodes> finer;
    for (int fits = 1; rule.worst > window.aim && fits < most_fits; ++fits) {
      if (std::ssize(laplace.node) < most_laplace_nodes) {
        const double part = 0.2 * std::min(window.laplace_part, laplace.residual / window.aim);
        if (!finer) finer = find_laplace(window, modes, part);
        WavenumberRule of_finer = find_wavenumbers(window, *finer);
        if (of_finer.worst < helps * rule.worst) {
          window.laplace_part = part;
          laplace = *std::exchange(finer, std::nullopt);
          rule = std::move(of_finer);
          continue;
        }
      }
      if (window.wavenumbers >= most_wavenumbers) break;
      window.wavenumbers = std::min(window.wavenumbers * 4 / 3, most_wavenumbers);
      rule = find_wavenumbers(window, laplace);
    }
    fill_table(window, laplace, rule);
  }

  /// Nodes whose fit keeps to a part of the window's aim.
  LaplaceNodes find_laplace(const Window& window, const GateModes& modes, double part) const {
    return find_laplace_nodes(modes, window.first, window.last, half_period(window),
                              part * window.aim, most_laplace_nodes);
  }

  GateModes window_modes(const Window& window) const {
    std::vector<GeometryGates> geometries;
    for (const auto& [group, gates] : window.geometries) {
      geometries.push_back({gates, &octaves_[group], &weights_[group], height_sums(group)});
    }
    return gate_modes(geometries, ground_range(), window.first, window.last);
  }

  WavenumberRule find_wavenumbers(const Window& window, const LaplaceNodes& laplace) const {
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
    return find_wavenumber_rule(target, window.wavenumbers, window.aim);
  }

  static void fill_table(Window& window, const LaplaceNodes& laplace, const WavenumberRule& rule) {
    window.table = {};
    window.table.node = laplace.node;
    window.table.wavenumber = rule.wavenumber;
    window.table.weight = rule.weight;
    for (std::size_t i = 0; i < window.geometries.size(); ++i) {
      for (const std::size_t gate : window.geometries[i].gates) {
        const auto weight = laplace.weight.col(std::ssize(window.table.rows));
        window.table.rows.push_back({static_cast<std::int64_t>(gate),
                                     static_cast<std::int64_t>(i),
                                     {weight.begin(), weight.end()}});
      }
    }
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

  bool holds(const BuiltPlan& plan) const {
    return plan.accuracy.worst <= demands_.promised * options_.tolerance;
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
      if (holds(plan)) return plan;
    }
    return in_double;
  }

  /// Errors over the held-out ensemble, of the plan and of each window.
  PlanAccuracy measure(const PlanTable& table) {
    const Responses fast = backends_.fast(table, held_out_.models);
    std::vector<double> worst_of_gate(times_.size(), 0.0);
    std::vector<double> errors;
    PlanAccuracy accuracy;
    for (std::int64_t m = 0; m < fast.models; ++m) {
      for (std::size_t g = 0; g < times_.size(); ++g) {
        const auto i = static_cast<std::size_t>(m * fast.gates) + g;
        double error = std::abs(fast.response[i] - held_out_.truth.response[i]) / held_out_.size[i];
        if (!std::isfinite(error)) error = std::numeric_limits<double>::max();
        errors.push_back(error);
        worst_of_gate[g] = std::max(worst_of_gate[g], error);
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
      window.error = 0.0;
      for (const auto& geometry : window.geometries) {
        for (const std::size_t g : geometry.gates) {
          window.error = std::max(window.error, worst_of_gate[g]);
        }
      }
      accuracy.windows.push_back({window.first, window.last,
                                  static_cast<int>(window.table.node.size()),
                                  static_cast<int>(window.in_single),
                                  static_cast<int>(window.table.wavenumber.size()), window.error});
    }
    return accuracy;
  }

  /// Fits the windows that miss again, aiming lower. False if one cannot be improved.
  bool improve() {
    const double allowed = demands_.promised * options_.tolerance;
    std::vector<std::size_t> missing;
    for (std::size_t w = 0; w < windows_.size(); ++w) {
      Window& window = windows_[w];
      if (window.error <= allowed) continue;
      window.stalls = window.error > 0.8 * window.best ? window.stalls + 1 : 0;
      window.best = std::min(window.best, window.error);
      if (window.stalls >= most_stalls) return false;
      window.aim *= std::clamp(0.8 * allowed / window.error, 0.25, 0.7);
      window.wavenumbers = std::max(window.wavenumbers, enough_wavenumbers(window.aim));
      missing.push_back(w);
    }
    fit(missing);
    return !missing.empty();
  }

  /// The tolerance that the best tables of all windows would have kept.
  std::string in_reach() const {
    double reachable = 0.0;
    for (const auto& window : windows_) {
      reachable = std::max(reachable, std::min(window.best, window.error) / demands_.promised);
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
  Ensemble held_out_;
  std::vector<Window> windows_;
  double largest_cancellation_ = std::numeric_limits<double>::infinity();
};

}  // namespace

BuiltPlan build_plan(const System& system, const Options& options, const PlanBackends& backends) {
  return Builder(system, options, backends).build();
}

}  // namespace stratem::core
