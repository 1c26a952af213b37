#include "core/plan/plan_measurement.hpp"

#include <algorithm>

namespace stratem::core {

BuiltPlan measured(PlanDraft& draft, const HeldOut& held_out, const SurveySetup& survey,
                   const PlanBackends& backends) {
  BuiltPlan plan;
  plan.table = draft.table();
  const HeldOutErrors errors = held_out.errors(backends.fast(plan.table, held_out.models()));
  draft.set_needed(errors);
  PlanAccuracy& accuracy = plan.accuracy;
  accuracy.worst = errors.worst;
  accuracy.median = errors.median;
  accuracy.worst_gate = errors.worst_gate;
  accuracy.worst_model = errors.worst_model;
  accuracy.worst_time = survey.times()[static_cast<std::size_t>(errors.worst_gate)];
  accuracy.held_out_models = held_out.models().models;
  accuracy.evaluations = plan.table.evaluations();
  for (const auto& window : draft.windows()) {
    double worst = 0.0;
    for (const auto& row : window.table.rows) {
      worst = std::max(worst, errors.of_gate[static_cast<std::size_t>(row.gate)]);
    }
    accuracy.windows.push_back({window.first, window.last,
                                static_cast<int>(window.table.node.size()),
                                static_cast<int>(window.in_single),
                                static_cast<int>(window.table.wavenumber.size()), worst});
  }
  return plan;
}

}  // namespace stratem::core
