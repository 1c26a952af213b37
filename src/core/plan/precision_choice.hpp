// Which of a plan's nodes are computed in single precision.
#pragma once

#include "core/plan/builder.hpp"
#include "core/plan/held_out.hpp"
#include "core/plan/plan_draft.hpp"
#include "core/plan/survey_setup.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The plan with single precision for the nodes where that saves time, or `in_double` if such a
/// plan does not keep the tolerance.
BuiltPlan with_single_precision(BuiltPlan in_double, PlanDraft& draft, const HeldOut& held_out,
                                const System& system, const Options& options,
                                const SurveySetup& survey, const PlanBackends& backends);

}  // namespace stratem::core
