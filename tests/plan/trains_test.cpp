// Plans of pulse trains whose current jumps.
#include <gtest/gtest.h>

#include "plan/plan_support.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

void expect_tolerance_kept(const Waveform& pulse) {
  System system = test::central_loop(test::log_times(1e-4, 4e-3, 9));
  auto& moment = system.moments[0];
  moment.waveform = pulse;
  moment.base_frequency = 50.0;
  const Plan plan(system, test::plan_options(1e-3, {1.0, 1000.0}));
  const auto models =
      core::random_models(core::ensemble_range(plan.options()), {1, 3, 8}, 20, 2719);
  EXPECT_LE(test::measured_error(plan, models).worst, 1e-3);
}

TEST(PlanOfATrain, KeepsItsToleranceAfterJumps) {
  expect_tolerance_kept({{-4e-3, 0.0}, {1.0, 0.8}});
}

TEST(PlanOfATrain, KeepsItsToleranceUnderASquareWave) {
  expect_tolerance_kept({{-1e-2, 0.0}, {1.0, 1.0}});
}

}  // namespace
}  // namespace stratem
