// The models that a plan is fitted to, and those that it is measured on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "core/plan/build_monitor.hpp"
#include "core/plan/builder.hpp"
#include "core/plan/ensemble.hpp"
#include "core/plan/held_out.hpp"
#include "core/plan/plan_draft.hpp"
#include "core/plan/survey_setup.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

class PlanModels {
 public:
  /// All arguments must outlive it.
  PlanModels(const System& system, const Options& options, const SurveySetup& survey,
             const PlanBackends& backends, BuildMonitor& monitor);

  /// Draws the training models and the held-out models. The training has fewer models if all
  /// windows of the draft have evenly spaced wavenumbers.
  void draw(const PlanDraft& draft);
  /// Draws the rest of the training models, unless there are enough.
  void draw_rest(const PlanDraft& draft);
  /// Adds the polarizable models that these windows suit least to the training.
  void learn(const PlanDraft& draft, const Windows& windows);
  /// Adds the polarizable models that newly fitted windows suit least to the held-out models.
  void hold_out_hard(const PlanDraft& draft, const Windows& fitted);
  /// Adds models of a search that found too large errors to the training.
  void teach(const Ensemble& found);
  /// Adds models of a search that found no error too large to the held-out models.
  void hold_out(const Ensemble& found);

  /// Computes the models' true responses, and counts as a step of progress.
  Ensemble ensemble_of(ModelSet models) const;
  /// The errors of a plan over another ensemble, whose models count as held out.
  HeldOutErrors errors(const PlanTable& table, const Ensemble& ensemble) const;

  const Ensemble& training() const { return training_; }
  const HeldOut& held_out() const { return held_out_; }
  /// The training models that searches found. Their errors count as well.
  const HeldOut& taught() const { return taught_; }

 private:
  ModelSet to_fit(int per_count, std::uint64_t seed) const;
  ModelSet to_hold_out(int per_count, std::uint64_t seed) const;
  int training_models(const PlanDraft& draft) const;
  std::vector<std::int64_t> hard(const ModelSet& among, const PlanDraft& draft,
                                 const Windows& windows, std::ptrdiff_t count) const;

  const System& system_;
  const Options& options_;
  const SurveySetup& survey_;
  const PlanBackends& backends_;
  BuildMonitor& monitor_;
  Ensemble training_;
  bool is_complete_ = false;  // the training holds enough models to fit windows to
  HeldOut held_out_;
  HeldOut taught_;
  std::set<std::int64_t> held_out_already_;  // numbers of the hard models among them
  std::uint64_t lessons_ = 0;
};

}  // namespace stratem::core
