#include "core/plan/precision_choice.hpp"

#include <cstddef>
#include <vector>

#include "core/plan/node_precision.hpp"
#include "core/plan/plan_measurement.hpp"

namespace stratem::core {
namespace {

/// Part of the tolerance that the estimated rounding error in single precision may reach in any
/// model. If the plan does not keep its tolerance with that, the part is multiplied by
/// `less_rounding`.
constexpr double rounding_part = 0.15;
constexpr double less_rounding = 0.3;
constexpr int most_roundings = 4;

}  // namespace

BuiltPlan with_single_precision(BuiltPlan in_double, PlanDraft& draft, const HeldOut& held_out,
                                const System& system, const Options& options,
                                const SurveySetup& survey, const PlanBackends& backends) {
  std::vector<Cancellation> cancellations;
  for (const auto& window : draft.windows()) {
    cancellations.emplace_back(window.table, system, held_out.models().view(), held_out.truth());
  }
  double part = rounding_part;
  for (int i = 0; i < most_roundings; ++i, part *= less_rounding) {
    draft.largest_cancellation = part * options.tolerance / single_rounding;
    const auto counts = nodes_in_double(cancellations, draft.largest_cancellation);
    for (std::size_t w = 0; w < counts.size(); ++w) {
      draft[w].in_single = cancellations[w].nodes() - counts[w];
    }
    BuiltPlan plan = measured(draft, held_out, survey, backends);
    if (draft.missing().empty()) return plan;
  }
  return in_double;
}

}  // namespace stratem::core
