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
  /// All must outlive it.
  PlanModels(const System& system, const Options& options, const SurveySetup& survey,
             const PlanBackends& backends, BuildMonitor& monitor);

  /// Draws the models to fit the draft's windows to, fewer if all have evenly spaced wavenumbers,
  /// and those that are held out.
  void draw(const PlanDraft& draft);
  /// Draws the rest of the models to fit to, unless there are enough.
  void draw_rest(const PlanDraft& draft);
  /// Polarizable models that some windows suit least join the training.
  void learn(const PlanDraft& draft, const Windows& windows);
  /// Polarizable models that newly fitted windows suit least join those held out.
  void hold_out_hard(const PlanDraft& draft, const Windows& fitted);
  /// Models that a search found, and that windows miss in, join the training.
  void teach(const Ensemble& found);
  /// Models that a search found, and that no window misses in, join those held out.
  void hold_out(const Ensemble& found);

  /// Models with their true responses: a step of progress.
  Ensemble ensemble_of(ModelSet models) const;
  /// The errors of a plan in an ensemble that is none of these, each of them held out.
  HeldOutErrors errors(const PlanTable& table, const Ensemble& ensemble) const;

  const Ensemble& training() const { return training_; }
  const HeldOut& held_out() const { return held_out_; }
  /// Those of the training that searches found. Their errors count as well.
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
  std::set<std::int64_t> held_out_already_;  // numbers of those that were hard
  std::uint64_t lessons_ = 0;
};

}  // namespace stratem::core
