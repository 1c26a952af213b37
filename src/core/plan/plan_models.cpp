#include "core/plan/plan_models.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/plan/hard_models.hpp"
#include "core/plan/layer_stack.hpp"
#include "core/plan/response_size.hpp"

namespace stratem::core {
namespace {

/// Part of the tolerance that errors over held-out models may reach, because fresh models are a
/// little worse. It holds for drawn models and for the worst models of a search.
constexpr double promised = 0.7;
/// The same for models that are already the worst of many, of which some are in the training.
constexpr double promised_when_hard = 0.9;
/// The number of training models of every layer count, at least, and of held-out models.
/// Polarizable models differ more from each other, so more of them are needed.
constexpr int least_training_models = 140;
constexpr int least_polarizable_training_models = 420;
constexpr int held_out_models = 40;
/// Covers on ground that join the training, see random_stacks().
constexpr int training_stacks = 400;
/// The number of training models of every layer count if all wavenumbers are evenly spaced. With
/// the hard models, they only decide how many wavenumbers are needed.
constexpr int spacing_models = 100;
/// Few polarizable models are hard, and a small ensemble does not contain them. For each window,
/// the `joining` hardest of `among` random models of every layer count join an ensemble.
struct Choice {
  int among;
  std::ptrdiff_t joining;
};
constexpr Choice hard_to_fit{10000, 300};
constexpr Choice hard_to_hold_out{2000, 40};
constexpr std::uint64_t training_seed = 5;
constexpr std::uint64_t held_out_seed = 99;
constexpr std::uint64_t hard_training_seed = 1000;
constexpr std::uint64_t hard_held_out_seed = 2000;

}  // namespace

PlanModels::PlanModels(const System& system, const Options& options, const SurveySetup& survey,
                       const PlanBackends& backends, BuildMonitor& monitor)
    : system_(system), options_(options), survey_(survey), backends_(backends), monitor_(monitor) {}

void PlanModels::draw(const PlanDraft& draft) {
  is_complete_ = std::ranges::any_of(draft.windows(), &DraftWindow::is_fitted_to_models);
  training_ =
      ensemble_of(to_fit(is_complete_ ? training_models(draft) : spacing_models, training_seed));
  append(training_,
         ensemble_of(random_stacks(survey_.training_range(), training_stacks, training_seed)));
  held_out_.add(ensemble_of(to_hold_out(held_out_models, held_out_seed)), promised);
}

void PlanModels::draw_rest(const PlanDraft& draft) {
  if (is_complete_) return;
  is_complete_ = true;
  append(training_, ensemble_of(to_fit(training_models(draft), training_seed)));
}

void PlanModels::learn(const PlanDraft& draft, const Windows& windows) {
  const ModelSet among = to_fit(hard_to_fit.among, hard_training_seed + lessons_++);
  Ensemble more =
      ensemble_of(select_models(among.view(), hard(among, draft, windows, hard_to_fit.joining)));
  for (double& size : more.size) size *= promised_when_hard / promised;
  append(training_, more);
}

void PlanModels::hold_out_hard(const PlanDraft& draft, const Windows& fitted) {
  if (!options_.polarizable) return;
  const ModelSet among = to_hold_out(hard_to_hold_out.among, hard_held_out_seed);
  std::vector<std::int64_t> joining;
  for (const std::int64_t number : hard(among, draft, fitted, hard_to_hold_out.joining)) {
    if (held_out_already_.insert(number).second) joining.push_back(number);
  }
  if (joining.empty()) return;
  held_out_.add(ensemble_of(select_models(among.view(), joining)), promised_when_hard);
}

void PlanModels::teach(const Ensemble& found) {
  append(training_, found);
  taught_.add(found, promised_when_hard);
}

void PlanModels::hold_out(const Ensemble& found) { held_out_.add(found, promised); }

Ensemble PlanModels::ensemble_of(ModelSet models) const {
  Ensemble ensemble;
  ensemble.models = std::move(models);
  ensemble.truth = backends_.truth(ensemble.models);
  ensemble.size = response_sizes(system_, ensemble.truth);
  monitor_.finish_step();
  return ensemble;
}

HeldOutErrors PlanModels::errors(const PlanTable& table, const Ensemble& ensemble) const {
  HeldOut compared;
  compared.add(ensemble, promised);
  return compared.errors(backends_.fast(table, ensemble.models));
}

ModelSet PlanModels::to_fit(int per_count, std::uint64_t seed) const {
  return random_models(survey_.training_range(), {1, 2, 3, 6}, per_count, seed);
}

ModelSet PlanModels::to_hold_out(int per_count, std::uint64_t seed) const {
  return random_models(ensemble_range(options_), {1, 2, 3, 8, std::min<int>(options_.layers, 30)},
                       per_count, seed);
}

/// The number of training models of every layer count. A window of few gates needs more models,
/// because otherwise its weights would suit only those models.
int PlanModels::training_models(const PlanDraft& draft) const {
  const std::ptrdiff_t least =
      options_.polarizable ? least_polarizable_training_models : least_training_models;
  const std::ptrdiff_t fewest_rows = 4 * least;
  std::ptrdiff_t gates = fewest_rows;
  for (const auto& window : draft.windows()) {
    for (const auto& geometry : window.geometries) {
      gates = std::min(gates, std::ssize(geometry.gates));
    }
  }
  return static_cast<int>(std::max(least, fewest_rows / gates));
}

/// The numbers of the models that these windows suit least.
std::vector<std::int64_t> PlanModels::hard(const ModelSet& among, const PlanDraft& draft,
                                           const Windows& windows, std::ptrdiff_t count) const {
  std::vector<std::vector<std::int64_t>> gates;
  for (const std::size_t w : windows) {
    gates.emplace_back();
    for (const auto& row : draft[w].table.rows) gates.back().push_back(row.gate);
  }
  const Responses responses = backends_.fast(draft.table(), among);
  return hard_models(responses, backends_.fast(draft.finer_table(), among),
                     response_sizes(system_, responses), gates, count);
}

}  // namespace stratem::core
