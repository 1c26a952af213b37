// The errors of a plan over the held-out models.
#pragma once

#include "core/plan/builder.hpp"
#include "core/plan/held_out.hpp"
#include "core/plan/plan_draft.hpp"
#include "core/plan/survey_setup.hpp"

namespace stratem::core {

/// Returns the draft's table with its errors, of the plan and of each window. Also sets what each
/// window of the draft needs.
BuiltPlan measured(PlanDraft& draft, const HeldOut& held_out, const SurveySetup& survey,
                   const PlanBackends& backends);

}  // namespace stratem::core
