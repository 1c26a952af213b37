#include "core/plan/builder.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "core/plan/decayed_wavenumbers.hpp"
#include "core/plan/ensemble.hpp"
#include "core/plan/hard_models.hpp"
#include "core/plan/held_out.hpp"
#include "core/plan/layer_stack.hpp"
#include "core/plan/model_search.hpp"
#include "core/plan/node_precision.hpp"
#include "core/plan/response_size.hpp"
#include "core/plan/survey_setup.hpp"
#include "core/plan/window_fitter.hpp"
#include "stratem/error.hpp"

namespace stratem::core {
namespace {

/// Part of the tolerance that errors over held-out models must be below, drawn ones and the worst
/// that a search found alike, because fresh ones are a little worse.
constexpr double promised = 0.7;
/// The same for polarizable models that were looked for by their thousands: they are the worst of
/// many already.
constexpr double promised_when_hard = 0.9;
/// Models of every layer count: fitted to, at least, and held out. Half of the polarizable ones are
/// polarizable and differ more from each other.
constexpr int least_training_models = 140;
constexpr int least_polarizable_training_models = 420;
constexpr int held_out_models = 40;
/// Covers on ground that join the training, see random_stacks().
constexpr int training_stacks = 400;
/// A quick search finds most of what a plan lacks. The plan is done when a whole one over a million
/// models and another quick one, one after the other, find nothing more.
constexpr SearchSize quick_search{512, 512, 48};
constexpr SearchSize whole_search{1024, 1024, 48};
constexpr int most_searches = 16;
/// Models that a search found are compared with the truth where the finer table tells this part of
/// the tolerance.
constexpr double worth_comparing = 0.45;
constexpr std::size_t always_compared = 8;  // the worst of all
/// A window that a search finds wanting so often aims lower.
constexpr int most_taught = 3;
/// Models of every layer count that, with those looked for, tell how many even wavenumbers there
/// must be.
constexpr int spacing_models = 100;
/// Of polarizable models few are hard, and no small ensemble holds them: they are looked for among
/// so many of every layer count, and so many join an ensemble for each window.
struct Search {
  int among;
  std::ptrdiff_t joining;
};
constexpr Search to_fit{40000, 300};
constexpr Search to_hold_out{2000, 40};
/// So often a window that misses is fitted to more of them before it aims lower.
constexpr int most_lessons = 2;
constexpr int most_rounds = 9;
/// A window whose error has not fallen by a fifth for so many fits is given up.
constexpr int most_stalls = 3;
/// Part of the tolerance that rounding in single precision may be in any model, by what its sums
/// tell of it, and how much less it may be where the promise does not hold with that.
constexpr double rounding_part = 0.15;
constexpr double less_rounding = 0.3;
constexpr int most_roundings = 4;
/// Part of the tolerance that rounding in double precision may be, or else r_TE is computed by
/// admittance.
constexpr double rounding_part_in_double = 0.1;
/// Covers on ground that tell how large it is.
constexpr int rounding_stacks = 10000;
/// An interface left out at depth changes r_TE by e^{-exponent}, and the response by up to e^20
/// times that part of it, where it is a small remainder of what its window's sums add up.
constexpr double depth_margin = 24.0;
/// Wavenumbers are left out where their modes are below e^{-exponent} at a gate, the first of these
/// exponents with which no training response changes by more than a part of the tolerance. A
/// response is down to 1e-5 and less of the terms it is summed from. Filters remember what has died
/// out: windows that they reach into leave nothing out.
constexpr double decay_margin = 12.0;
constexpr double decay_by_tolerance = 1.3;
constexpr int most_decay_exponents = 3;
constexpr double left_out_part = 0.1;
constexpr std::uint64_t training_seed = 5;
constexpr std::uint64_t held_out_seed = 99;
constexpr std::uint64_t search_seed = 3000;
constexpr std::uint64_t rounding_seed = 77;
constexpr std::uint64_t hard_training_seed = 1000;
constexpr std::uint64_t hard_held_out_seed = 2000;

/// A window and how well its tables kept the promise.
struct JudgedWindow : FittedWindow {
  explicit JudgedWindow(FittedWindow window) : FittedWindow(std::move(window)) {}

  bool is_fitted_to_models() const { return !is_even; }

  double needed = 0.0;  // tolerance that its table keeps, with the margins asked for
  double best = std::numeric_limits<double>::infinity();  // the least of all its tables so far
  int stalls = 0;
  /// To be improved for new models.
  void begin_anew() {
    best = std::numeric_limits<double>::infinity();
    stalls = 0;
  }
  int taught = 0;             // searches that found it wanting
  std::size_t in_single = 0;  // of its nodes, the last ones
};

class Builder {
 public:
  Builder(const System& system, const Options& options, const PlanBackends& backends)
      : system_(system),
        options_(options),
        backends_(backends),
        survey_(system, options),
        fitter_(survey_),
        search_(system, ensemble_range(options), backends.fast, options.threads) {
    for (auto& gates : survey_.windows()) windows_.emplace_back(fitter_.begin(std::move(gates)));
  }

  BuiltPlan build() {
    const auto start = std::chrono::steady_clock::now();
    can_be_fitted_to_ = std::ranges::any_of(windows_, &JudgedWindow::is_fitted_to_models);
    training_ = make_ensemble(
        models_to_fit(can_be_fitted_to_ ? training_models() : spacing_models, training_seed));
    append(training_,
           make_ensemble(random_stacks(survey_.training_range(), training_stacks, training_seed)));
    held_out_.add(make_ensemble(models_to_hold_out(held_out_models, held_out_seed)), promised);

    Windows all(windows_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    fit(all);
    if (options_.polarizable) {
      learn(all);
      fit(all);
    }
    hold_out_hard(all);
    limit_rounding(random_stacks(ensemble_range(options_), rounding_stacks, rounding_seed));
    judge();
    for (int round = 0;;) {
      Windows again = missing();
      if (again.empty()) {
        round = 0;
        again = searched();
        if (again.empty()) break;
      } else {
        const bool lessons_first = options_.polarizable && round < most_lessons;
        improve(lessons_first ? those_of(again, &JudgedWindow::is_even) : again,
                round++ < most_rounds);
        if (options_.polarizable) learn(again);
      }
      fit_again(again);
    }
    BuiltPlan plan = measured();
    if (options_.precision == Precision::in_single) plan = with_single_precision(std::move(plan));
    plan.finer = finer_table();
    plan.accuracy.search = found_;
    plan.accuracy.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return plan;
  }

 private:
  using Windows = std::vector<std::size_t>;  // their numbers

  ModelSet models_to_fit(int per_count, std::uint64_t seed) const {
    return random_models(survey_.training_range(), {1, 2, 3, 6}, per_count, seed);
  }
  ModelSet models_to_hold_out(int per_count, std::uint64_t seed) const {
    return random_models(ensemble_range(options_), {1, 2, 3, 8, std::min<int>(options_.layers, 30)},
                         per_count, seed);
  }

  /// Those of the windows for which a member of JudgedWindow is true.
  template <class Member>
  Windows those_of(const Windows& windows, Member is_true) const {
    Windows chosen;
    std::ranges::copy_if(windows, std::back_inserter(chosen), [&](std::size_t window) {
      return std::invoke(is_true, windows_[window]);
    });
    return chosen;
  }

  /// So that windows can be fitted to it.
  void complete_training() {
    if (can_be_fitted_to_) return;
    can_be_fitted_to_ = true;
    append(training_, make_ensemble(models_to_fit(training_models(), training_seed)));
  }

  /// Models that windows may not suit join the training. What they may err counts less.
  void learn(const Windows& windows) {
    const ModelSet among = models_to_fit(to_fit.among, hard_training_seed + lessons_++);
    Ensemble more =
        make_ensemble(select_models(among.view(), hard(among, windows, to_fit.joining)));
    for (double& size : more.size) size *= promised_when_hard / promised;
    append(training_, more);
  }

  /// Such models for windows that are new join those held out.
  void hold_out_hard(const Windows& fitted) {
    if (!options_.polarizable) return;
    const ModelSet among = models_to_hold_out(to_hold_out.among, hard_held_out_seed);
    std::vector<std::int64_t> joining;
    for (const std::int64_t number : hard(among, fitted, to_hold_out.joining)) {
      if (held_out_already_.insert(number).second) joining.push_back(number);
    }
    if (joining.empty()) return;
    held_out_.add(make_ensemble(select_models(among.view(), joining)), promised_when_hard);
  }

  /// Has r_TE computed by admittance from now on if the rounding of the other recursion is more
  /// than a part of the tolerance in any of these models. False if it was so before or need not be.
  bool limit_rounding(const ModelSet& models) {
    if (by_admittance_) return false;
    PlanTable plan = table();
    const Responses by_echo = backends_.fast(plan, models);
    plan.by_admittance = true;
    const Responses by_admittance = backends_.fast(plan, models);
    const std::vector<double> size = response_sizes(system_, by_admittance);
    for (std::size_t i = 0; i < size.size(); ++i) {
      const double rounding = std::abs(by_echo.response[i] - by_admittance.response[i]) / size[i];
      if (!(rounding <= rounding_part_in_double * options_.tolerance)) by_admittance_ = true;
    }
    return by_admittance_;
  }

  /// Windows that do not suit the models that searches find. A search that misses ends the round:
  /// what it found joins the training. What searches find in the end is held out.
  Windows searched() {
    if (found_.searches == 0) {
      if (Windows wanting = searched(quick_search); !wanting.empty()) return wanting;
    }
    if (Windows wanting = searched(whole_search); !wanting.empty()) return wanting;
    return searched(quick_search);
  }

  Windows searched(const SearchSize& size) {
    Found found = search(size);
    if (limit_rounding(found.hard.models)) found = search(size);
    if (found_.searches == 0) {
      found_.first_worst = found.errors.worst;
      found_.evaluations_before = table().evaluations();
    }
    ++found_.searches;
    found_.candidates += found.candidates;
    set_needed(found.errors);
    const Windows wanting = missing();
    if (wanting.empty()) {
      found_.worst = std::max(found_.worst, found.errors.worst);
      held_out_.add(found.hard, promised);
      return wanting;
    }
    found_.worst = 0.0;
    append(training_, found.hard);
    taught_.add(found.hard, promised);
    Windows lower;
    for (const std::size_t w : wanting) {
      windows_[w].begin_anew();
      if (windows_[w].taught++ >= most_taught) lower.push_back(w);
    }
    improve(lower, found_.searches < most_searches);
    return wanting;
  }

  /// What a search finds, and the errors of the plan as it is.
  struct Found {
    Ensemble hard;
    HeldOutErrors errors;
    std::int64_t candidates = 0;
  };
  Found search(const SearchSize& size) const {
    const PlanTable plan = table();
    const auto seed = search_seed + static_cast<std::uint64_t>(found_.searches);
    const FoundModels models = search_.find(plan, finer_table(), size, seed);
    std::vector<std::int64_t> comparing;
    for (std::size_t m = 0; m < models.error.size(); ++m) {
      if (m < always_compared || models.error[m] > worth_comparing * options_.tolerance) {
        comparing.push_back(static_cast<std::int64_t>(m));
      }
    }
    Found found;
    found.candidates = models.candidates;
    found.hard = make_ensemble(select_models(models.models.view(), comparing));
    HeldOut compared;
    compared.add(found.hard, promised);
    found.errors = compared.errors(backends_.fast(plan, found.hard.models));
    return found;
  }

  /// What windows need over the models held out and those that searches have found so far.
  void judge() {
    const PlanTable plan = table();
    set_needed(held_out_.errors(backends_.fast(plan, held_out_.models())));
    if (taught_.models().models > 0) {
      raise_needed(taught_.errors(backends_.fast(plan, taught_.models())));
    }
  }

  void set_needed(const HeldOutErrors& errors) {
    for (auto& window : windows_) window.needed = 0.0;
    raise_needed(errors);
  }

  void raise_needed(const HeldOutErrors& errors) {
    for (auto& window : windows_) {
      for (const auto& row : window.table.rows) {
        window.needed = std::max(window.needed, errors.needed[static_cast<std::size_t>(row.gate)]);
      }
    }
  }

  /// Sets windows that miss to aim lower; throws what can be kept if that is in vain.
  void improve(const Windows& windows, bool go_on) {
    if (go_on && aim_lower(windows)) return;
    const double reach = in_reach();
    const std::string what = reach <= largest_tolerance
                                 ? rounded_up(reach)
                                 : "no tolerance up to " + base::to_text(largest_tolerance);
    throw InputError("tolerance: " + base::to_text(options_.tolerance) +
                     " cannot be kept for this system and range; " + what + " can");
  }

  /// The numbers of models that these windows may not suit.
  std::vector<std::int64_t> hard(const ModelSet& among, const Windows& windows,
                                 std::ptrdiff_t count) const {
    const PlanTable plan = table();
    std::vector<std::vector<std::int64_t>> gates;
    for (const std::size_t w : windows) {
      gates.emplace_back();
      for (const auto& row : windows_[w].table.rows) gates.back().push_back(row.gate);
    }
    const Responses responses = backends_.fast(plan, among);
    return hard_models(responses, backends_.fast(finer_table(), among),
                       response_sizes(system_, responses), gates, count);
  }

  Ensemble make_ensemble(ModelSet models) const {
    Ensemble ensemble;
    ensemble.models = std::move(models);
    ensemble.truth = backends_.truth(ensemble.models);
    ensemble.size = response_sizes(system_, ensemble.truth);
    return ensemble;
  }

  /// Models of every layer count to fit to: few gates in a window need more of them, or the
  /// window's weights would fit those models alone.
  int training_models() const {
    const std::ptrdiff_t least =
        options_.polarizable ? least_polarizable_training_models : least_training_models;
    const std::ptrdiff_t fewest_rows = 4 * least;
    std::ptrdiff_t gates = fewest_rows;
    for (const auto& window : windows_) {
      for (const auto& geometry : window.geometries) {
        gates = std::min(gates, std::ssize(geometry.gates));
      }
    }
    return static_cast<int>(std::max(least, fewest_rows / gates));
  }

  /// Fits windows once more. One that is the worse for it stays as it was.
  void fit_again(const Windows& windows) {
    std::vector<std::pair<PlanWindow, PlanWindow>> before;
    for (const std::size_t w : windows) before.emplace_back(windows_[w].table, windows_[w].finer);
    const auto exchange = [&] {
      for (std::size_t i = 0; i < windows.size(); ++i) {
        std::swap(windows_[windows[i]].table, before[i].first);
        std::swap(windows_[windows[i]].finer, before[i].second);
      }
    };
    fit(windows);
    hold_out_hard(windows);
    exchange();
    judge();
    std::vector<double> needed_before;
    for (const std::size_t w : windows) needed_before.push_back(windows_[w].needed);
    exchange();
    judge();
    for (std::size_t i = 0; i < windows.size(); ++i) {
      JudgedWindow& window = windows_[windows[i]];
      if (window.needed <= needed_before[i]) continue;
      window.table = std::move(before[i].first);
      window.finer = std::move(before[i].second);
      window.needed = needed_before[i];
    }
  }

  /// Fits windows, to models those that even wavenumbers do not resolve.
  void fit(const Windows& windows) {
    const Windows even = those_of(windows, &JudgedWindow::is_even);
    fit_side_by_side(windows);
    const Windows unresolved = those_of(even, &JudgedWindow::is_fitted_to_models);
    if (!unresolved.empty()) {
      complete_training();
      fit_side_by_side(unresolved);
    }
    leave_out_decayed(windows);
  }

  void fit_side_by_side(const Windows& windows) {
    tbb::task_arena arena(options_.threads > 0 ? options_.threads : tbb::task_arena::automatic);
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, windows.size(),
                        [&](std::size_t i) { fitter_.fit(windows_[windows[i]], training_); });
    });
  }

  /// Has newly fitted windows leave out, model by model, wavenumbers that have died out.
  void leave_out_decayed(Windows windows) {
    const PlanTable with_all = table();
    const Responses all = backends_.fast(with_all, training_.models);
    double exponent = decay_margin - decay_by_tolerance * std::log(options_.tolerance);
    for (int i = 0; i < most_decay_exponents && !windows.empty(); ++i, exponent *= 2.0) {
      PlanTable without = with_all;
      for (const std::size_t w : windows) {
        without.windows[w] = without_decayed(windows_[w].table, survey_.times(), exponent);
      }
      const Responses fewer = backends_.fast(without, training_.models);
      std::erase_if(windows, [&](std::size_t w) {
        const double most = left_out_part * options_.tolerance;
        if (!(training_change(windows_[w].table, fewer, all) <= most)) return false;
        windows_[w].table = without.windows[w];
        PlanWindow& finer = windows_[w].finer;
        finer = without_decayed(finer, survey_.times(), exponent);
        return true;
      });
    }
  }

  /// How much the responses of a window's gates to training models differ at most.
  double training_change(const PlanWindow& window, const Responses& a, const Responses& b) const {
    double change = 0.0;
    for (const auto& row : window.rows) {
      for (std::int64_t m = 0; m < a.models; ++m) {
        const double size = training_.size[static_cast<std::size_t>(m * a.gates + row.gate)];
        change = std::max(change, std::abs(a(m, row.gate) - b(m, row.gate)) / size);
      }
    }
    return change;
  }

  PlanTable table() const {
    PlanTable table;
    table.gates = gate_count(system_);
    table.deepest_exponent = depth_margin - std::log(options_.tolerance);
    table.largest_cancellation = largest_cancellation_;
    table.by_admittance = by_admittance_;
    for (const auto& window : windows_) {
      for (auto& part :
           cut_by_precision(window.table, window.table.node.size() - window.in_single)) {
        table.windows.push_back(std::move(part));
      }
    }
    return table;
  }

  /// What the table is compared with where the truth would take too long.
  PlanTable finer_table() const {
    PlanTable finer;
    finer.gates = gate_count(system_);
    finer.deepest_exponent = depth_margin - std::log(options_.tolerance);
    finer.by_admittance = true;
    for (const auto& window : windows_) finer.windows.push_back(window.finer);
    return finer;
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
      cancellations.emplace_back(window.table, system_, held_out_.models().view(),
                                 held_out_.truth());
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

  /// Errors over the held-out models, of the plan and of each window.
  PlanAccuracy measure(const PlanTable& table) {
    const HeldOutErrors errors = held_out_.errors(backends_.fast(table, held_out_.models()));
    set_needed(errors);
    PlanAccuracy accuracy;
    accuracy.worst = errors.worst;
    accuracy.median = errors.median;
    accuracy.worst_gate = errors.worst_gate;
    accuracy.worst_model = errors.worst_model;
    accuracy.worst_time = survey_.times()[static_cast<std::size_t>(errors.worst_gate)];
    accuracy.training_models = training_.models.models;
    accuracy.held_out_models = held_out_.models().models;
    accuracy.evaluations = table.evaluations();
    for (const auto& window : windows_) {
      double worst = 0.0;
      for (const auto& row : window.table.rows) {
        worst = std::max(worst, errors.of_gate[static_cast<std::size_t>(row.gate)]);
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
      JudgedWindow& window = windows_[w];
      window.stalls = window.needed > 0.8 * window.best ? window.stalls + 1 : 0;
      window.best = std::min(window.best, window.needed);
      if (window.stalls >= most_stalls) return false;
      fitter_.lower_aim(window, std::clamp(0.8 * options_.tolerance / window.needed, 0.25, 0.7));
    }
    return true;
  }

  /// A tolerance that the windows as they are keep, over the models that a search finds too.
  double in_reach() const {
    double reach = 0.0;
    for (const auto& window : windows_) reach = std::max(reach, window.needed);
    for (const double needed : search(quick_search).errors.needed) {
      reach = std::max(reach, needed);
    }
    return reach;
  }

  /// To two digits.
  static std::string rounded_up(double value) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1.0);
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.begin(), text.end(), std::ceil(value / unit) * unit,
                                   std::chars_format::general, 2);
    return {text.begin(), end.ptr};
  }

  const System& system_;
  const Options& options_;
  const PlanBackends& backends_;
  SurveySetup survey_;
  WindowFitter fitter_;
  ModelSearch search_;
  std::vector<JudgedWindow> windows_;
  Ensemble training_;
  bool can_be_fitted_to_ = false;
  HeldOut held_out_;
  HeldOut taught_;                           // those of the training that searches found
  std::set<std::int64_t> held_out_already_;  // numbers of those that were hard
  PlanAccuracy::Search found_;
  std::uint64_t lessons_ = 0;
  double largest_cancellation_ = std::numeric_limits<double>::infinity();
  bool by_admittance_ = false;
};

}  // namespace

BuiltPlan build_plan(const System& system, const Options& options, const PlanBackends& backends) {
  return Builder(system, options, backends).build();
}

}  // namespace stratem::core
