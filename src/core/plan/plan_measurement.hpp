// How well a plan does over the models that are held out.
#pragma once

#include "core/plan/builder.hpp"
#include "core/plan/held_out.hpp"
#include "core/plan/plan_draft.hpp"
#include "core/plan/survey_setup.hpp"

namespace stratem::core {

/// The draft's table and its errors, of the plan and of each window. What windows need follows from
/// them.
BuiltPlan measured(PlanDraft& draft, const HeldOut& held_out, const SurveySetup& survey,
                   const PlanBackends& backends);

}  // namespace stratem::core
