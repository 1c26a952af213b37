#include "core/plan/builder.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "core/plan/decayed_wavenumbers.hpp"
#include "core/plan/layer_stack.hpp"
#include "core/plan/model_search.hpp"
#include "core/plan/plan_draft.hpp"
#include "core/plan/plan_measurement.hpp"
#include "core/plan/plan_models.hpp"
#include "core/plan/precision_choice.hpp"
#include "core/plan/response_size.hpp"
#include "core/plan/survey_setup.hpp"
#include "core/plan/window_fitter.hpp"
#include "stratem/error.hpp"

namespace stratem::core {
namespace {

/// A quick search finds most of the models that a plan does not suit. The plan is done when two
/// whole searches in a row, over a million models each, find no more: one alone may miss a rare
/// model.
constexpr SearchSize quick_search{512, 512, 48};
constexpr SearchSize whole_search{1024, 1024, 48};
constexpr int most_searches = 16;
/// The reference computes those models of a search whose error, by the finer table, is above this
/// part of the tolerance. It also computes the worst models of every window, so that no window
/// relies on its finer table alone.
constexpr double worth_comparing = 0.45;
constexpr int always_compared = 8;
/// A window that misses its aim in more searches than this gets a lower aim.
constexpr int most_taught = 3;
/// How often a window that misses its aim is fitted to more polarizable models before it gets a
/// lower aim.
constexpr int most_lessons = 2;
constexpr int most_rounds = 9;
/// A window whose error has not fallen by a fifth in this number of fits is given up.
constexpr int most_stalls = 3;
/// If rounding errors in double precision exceed this part of the tolerance, r_TE is computed by
/// admittance.
constexpr double rounding_part_in_double = 0.1;
/// The number of covers on ground that these rounding errors are measured on.
constexpr int rounding_stacks = 10000;
/// Wavenumbers are left out where their modes have decayed below e^{-exponent} at a gate. The
/// exponent is the first of a few with which no training response changes by more than a part of
/// the tolerance: a response may be 1e-5 of the terms that it is summed from, or less. A filter's
/// output contains modes that have decayed at its input. Where that matters, no exponent is large
/// enough and nothing is left out.
constexpr double decay_margin = 12.0;
constexpr double decay_by_tolerance = 1.3;
constexpr int most_decay_exponents = 3;
constexpr double left_out_part = 0.1;
/// Steps of progress: an ensemble, the fit of a window, a search.
constexpr int first_ensembles = 3;
constexpr int last_searches = 3;
constexpr std::uint64_t search_seed = 3000;
constexpr std::uint64_t rounding_seed = 77;
/// An error message names only a tolerance that a plan was built with. If a tolerance cannot be
/// kept either, the next one tried is larger by at least this factor.
constexpr double next_tried = 1.5;

/// The tolerance cannot be kept.
struct OutOfReach {
  double reach;  ///< the tolerance that the windows kept at the last attempt
};

class Builder {
 public:
  Builder(const System& system, const Options& options, const PlanBackends& backends,
          BuildMonitor& monitor)
      : system_(system),
        options_(options),
        backends_(backends),
        monitor_(monitor),
        survey_(system, options),
        fitter_(survey_, monitor),
        search_(system, ensemble_range(options), backends.fast, options.threads, monitor),
        models_(system, options, survey_, backends, monitor),
        draft_(system, options) {
    for (auto& gates : survey_.windows()) draft_.add(fitter_.begin(std::move(gates)));
  }

  /// Throws OutOfReach.
  BuiltPlan build() {
    const auto start = std::chrono::steady_clock::now();
    const Windows all = draft_.all();
    monitor_.expect(first_ensembles + steps_from_fit(all.size()));
    models_.draw(draft_);
    fit(all);
    if (options_.polarizable) {
      models_.learn(draft_, all);
      fit(all);
    }
    models_.hold_out_hard(draft_, all);
    limit_rounding(random_stacks(ensemble_range(options_), rounding_stacks, rounding_seed));
    judge();
    for (int round = 0;;) {
      Windows again = draft_.missing();
      if (again.empty()) {
        round = 0;
        again = searched();
        if (again.empty()) break;
      } else {
        const bool lessons_first = options_.polarizable && round < most_lessons;
        improve(lessons_first ? draft_.those_of(again, &DraftWindow::is_even) : again,
                round++ < most_rounds);
        if (options_.polarizable) models_.learn(draft_, again);
      }
      fit_again(again);
    }
    BuiltPlan plan = measured(draft_, models_.held_out(), survey_, backends_);
    if (options_.precision == Precision::float32) {
      plan = with_single_precision(std::move(plan), draft_, models_.held_out(), system_, options_,
                                   survey_, backends_);
    }
    plan.finer = draft_.finer_table();
    plan.accuracy.training_models = models_.training().models.models;
    plan.accuracy.search = found_;
    plan.accuracy.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return plan;
  }

 private:
  /// Makes the plan compute r_TE by admittance if the rounding error of the other recursion exceeds
  /// a part of the tolerance in any of these models. Returns whether this changed the plan.
  bool limit_rounding(const ModelSet& models) {
    if (draft_.by_admittance) return false;
    PlanTable plan = draft_.table();
    const Responses by_echo = backends_.fast(plan, models);
    plan.by_admittance = true;
    const Responses by_admittance = backends_.fast(plan, models);
    const std::vector<double> size = response_sizes(system_, by_admittance);
    for (std::size_t i = 0; i < size.size(); ++i) {
      const double rounding = std::abs(by_echo.response[i] - by_admittance.response[i]) / size[i];
      if (!(rounding <= rounding_part_in_double * options_.tolerance)) draft_.by_admittance = true;
    }
    return draft_.by_admittance;
  }

  /// Searches for hard models and returns the windows whose errors in them are too large. The first
  /// search that finds such a window ends the round, and its models join the training. The models
  /// of the other searches are held out.
  Windows searched() {
    monitor_.expect(last_searches);
    if (found_.searches == 0) {
      if (Windows wanting = searched(quick_search); !wanting.empty()) return wanting;
    }
    if (Windows wanting = searched(whole_search); !wanting.empty()) return wanting;
    return searched(whole_search);
  }

  Windows searched(const SearchSize& size) {
    Found found = search(size);
    if (limit_rounding(found.hard.models)) found = search(size);
    if (found_.searches == 0) {
      found_.first_worst = found.errors.worst;
      found_.evaluations_before = draft_.table().evaluations();
    }
    ++found_.searches;
    monitor_.finish_search();
    found_.candidates += found.candidates;
    draft_.set_needed(found.errors);
    Windows wanting = draft_.missing();
    if (wanting.empty()) {
      found_.worst = std::max(found_.worst, found.errors.worst);
      models_.hold_out(found.hard);
      return wanting;
    }
    found_.worst = 0.0;
    models_.teach(found.hard);
    Windows lower;
    for (const std::size_t w : wanting) {
      draft_[w].begin_anew();
      if (draft_[w].taught++ >= most_taught) lower.push_back(w);
    }
    improve(lower, found_.searches < most_searches);
    return wanting;
  }

  /// The models that a search found, and the errors of the present plan in them.
  struct Found {
    Ensemble hard;
    HeldOutErrors errors;
    std::int64_t candidates = 0;
  };
  Found search(const SearchSize& size) const {
    const PlanTable plan = draft_.table();
    const auto seed = search_seed + static_cast<std::uint64_t>(found_.searches);
    const FoundModels models = search_.find(plan, draft_.finer_table(), size, seed);
    Found found;
    found.candidates = models.candidates;
    found.hard = models_.ensemble_of(
        select_models(models.models.view(), to_compare(models, plan.windows.size())));
    found.errors = models_.errors(plan, found.hard);
    return found;
  }

  /// The numbers of those models of a search that the reference computes.
  std::vector<std::int64_t> to_compare(const FoundModels& models, std::size_t windows) const {
    std::vector<int> of_window(windows, 0);
    std::vector<std::int64_t> numbers;
    for (std::size_t m = 0; m < models.error.size(); ++m) {  // the worst first
      const bool is_among_worst = of_window[models.window[m]]++ < always_compared;
      if (is_among_worst || models.error[m] > worth_comparing * options_.tolerance) {
        numbers.push_back(static_cast<std::int64_t>(m));
      }
    }
    return numbers;
  }

  /// Sets the tolerance that each window needs, from the held-out models and those that searches
  /// have found so far.
  void judge() {
    const PlanTable plan = draft_.table();
    const HeldOut& held_out = models_.held_out();
    const HeldOut& taught = models_.taught();
    draft_.set_needed(held_out.errors(backends_.fast(plan, held_out.models())));
    if (taught.models().models > 0) {
      draft_.raise_needed(taught.errors(backends_.fast(plan, taught.models())));
    }
  }

  /// Lowers the aims of windows whose errors are too large. Throws OutOfReach if `go_on` is false
  /// or a window has stalled.
  void improve(const Windows& windows, bool go_on) {
    if (!go_on || !aim_lower(windows)) throw OutOfReach{in_reach()};
  }

  /// Returns false if one of the windows has stalled.
  bool aim_lower(const Windows& windows) {
    for (const std::size_t w : windows) {
      DraftWindow& window = draft_[w];
      window.stalls = window.needed > 0.8 * window.best ? window.stalls + 1 : 0;
      window.best = std::min(window.best, window.needed);
      if (window.stalls >= most_stalls) return false;
      fitter_.lower_aim(window, std::clamp(0.8 * options_.tolerance / window.needed, 0.25, 0.7));
    }
    return true;
  }

  /// The tolerance that the present windows keep, also in the models that a quick search finds.
  double in_reach() const {
    double reach = draft_.needed();
    for (const double needed : search(quick_search).errors.needed) {
      reach = std::max(reach, needed);
    }
    return reach;
  }

  /// Fits windows once more. A window whose error is larger after that keeps its earlier tables.
  void fit_again(const Windows& windows) {
    std::vector<std::pair<PlanWindow, PlanWindow>> before;
    for (const std::size_t w : windows) before.emplace_back(draft_[w].table, draft_[w].finer);
    const auto exchange = [&] {
      for (std::size_t i = 0; i < windows.size(); ++i) {
        std::swap(draft_[windows[i]].table, before[i].first);
        std::swap(draft_[windows[i]].finer, before[i].second);
      }
    };
    fit(windows);
    models_.hold_out_hard(draft_, windows);
    exchange();
    judge();
    std::vector<double> needed_before;
    for (const std::size_t w : windows) needed_before.push_back(draft_[w].needed);
    exchange();
    judge();
    for (std::size_t i = 0; i < windows.size(); ++i) {
      DraftWindow& window = draft_[windows[i]];
      if (window.needed <= needed_before[i]) continue;
      window.table = std::move(before[i].first);
      window.finer = std::move(before[i].second);
      window.needed = needed_before[i];
    }
  }

  /// Fits windows. Those whose integrand even wavenumbers do not resolve are fitted to models.
  void fit(const Windows& windows) {
    const Windows even = draft_.those_of(windows, &DraftWindow::is_even);
    fit_side_by_side(windows);
    const Windows unresolved = draft_.those_of(even, &DraftWindow::is_fitted_to_models);
    if (!unresolved.empty()) {
      models_.draw_rest(draft_);
      fit_side_by_side(unresolved);
    }
    leave_out_decayed(windows);
  }

  static int steps_from_fit(std::size_t windows) {
    return static_cast<int>(windows) + last_searches;
  }

  void fit_side_by_side(const Windows& windows) {
    monitor_.expect(steps_from_fit(windows.size()));
    tbb::task_arena arena(options_.threads > 0 ? options_.threads : tbb::task_arena::automatic);
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, windows.size(), [&](std::size_t i) {
        fitter_.fit(draft_[windows[i]], models_.training());
        monitor_.finish_step();
      });
    });
  }

  /// Makes newly fitted windows leave out, model by model, the wavenumbers that have decayed.
  void leave_out_decayed(Windows windows) {
    const ModelSet& training = models_.training().models;
    const PlanTable with_all = draft_.table();
    const Responses all = backends_.fast(with_all, training);
    double exponent = decay_margin - decay_by_tolerance * std::log(options_.tolerance);
    for (int i = 0; i < most_decay_exponents && !windows.empty(); ++i, exponent *= 2.0) {
      PlanTable without = with_all;
      for (const std::size_t w : windows) {
        without.windows[w] = without_decayed(draft_[w].table, survey_.times(), exponent);
      }
      const Responses fewer = backends_.fast(without, training);
      std::erase_if(windows, [&](std::size_t w) {
        const double most = left_out_part * options_.tolerance;
        if (!(training_change(draft_[w].table, fewer, all) <= most)) return false;
        draft_[w].table = without.windows[w];
        PlanWindow& finer = draft_[w].finer;
        finer = without_decayed(finer, survey_.times(), exponent);
        return true;
      });
    }
  }

  /// The largest difference of two sets of responses to the training models, at a window's gates,
  /// relative to the response's size.
  double training_change(const PlanWindow& window, const Responses& a, const Responses& b) const {
    const std::vector<double>& sizes = models_.training().size;
    double change = 0.0;
    for (const auto& row : window.rows) {
      for (std::int64_t m = 0; m < a.models; ++m) {
        const double size = sizes[static_cast<std::size_t>(m * a.gates + row.gate)];
        change = std::max(change, std::abs(a(m, row.gate) - b(m, row.gate)) / size);
      }
    }
    return change;
  }

  const System& system_;
  const Options& options_;
  const PlanBackends& backends_;
  BuildMonitor& monitor_;
  SurveySetup survey_;
  WindowFitter fitter_;
  ModelSearch search_;
  PlanModels models_;
  PlanDraft draft_;
  PlanAccuracy::Search found_;
};

/// The value rounded up to two digits, as text.
std::string rounded_up(double value) {
  const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1.0);
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.begin(), text.end(), std::ceil(value / unit) * unit,
                                 std::chars_format::general, 2);
  return {text.begin(), end.ptr};
}

/// The end of an error message: a tolerance that can be kept. It is the first one from `reach` on
/// with which a plan can be built. A larger tolerance changes the weights and their rounding
/// errors, so no tolerance is certain before it is tried.
std::string smallest_kept(const System& system, Options options, const PlanBackends& backends,
                          BuildMonitor& monitor, double reach) {
  while (reach <= largest_tolerance) {
    const std::string named = rounded_up(reach);
    options.tolerance = *base::parse_number<double>(named);
    try {
      Builder(system, options, backends, monitor).build();
      return named;
    } catch (const OutOfReach& again) {
      reach = std::max(again.reach, next_tried * options.tolerance);
    }
  }
  return "no tolerance up to " + base::to_text(largest_tolerance);
}

}  // namespace

BuiltPlan build_plan(const System& system, const Options& options, const PlanBackends& backends,
                     BuildMonitor& monitor) {
  try {
    return Builder(system, options, backends, monitor).build();
  } catch (const OutOfReach& out) {
    throw InputError("tolerance: " + base::to_text(options.tolerance) +
                     " cannot be kept for this system and range; " +
                     smallest_kept(system, options, backends, monitor, out.reach) + " can");
  }
}

BuiltPlan build_plan(const System& system, const Options& options, const PlanBackends& backends) {
  BuildMonitor unwatched;
  return build_plan(system, options, backends, unwatched);
}

}  // namespace stratem::core
