// Models outside the declared range are flagged or left to the reference, never silently wrong, and
// do not affect the others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plan/plan_support.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

using test::row;

/// Models within the declared range, of which every third has one layer a decade outside it.
struct Mixed {
  ModelSet inside;
  ModelSet mixed;

  explicit Mixed(const Options& options)
      : inside(core::random_models(core::ensemble_range(options), {1, 2, 3, 8}, 6, 31)),
        mixed(inside) {
    for (std::int64_t m = 0; m < inside.models; ++m) {
      if (!is_outside(m)) continue;
      const auto i = static_cast<std::size_t>(m);
      const auto layer = i % static_cast<std::size_t>(inside.layer_count[i]);
      mixed.resistivity[i * static_cast<std::size_t>(inside.layers) + layer] =
          m % 2 == 0 ? 0.1 * options.resistivity.min : 10.0 * options.resistivity.max;
    }
  }
  static bool is_outside(std::int64_t model) { return model % 3 == 0; }
};

bool all_nan(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double value) { return std::isnan(value); });
}

Plan central_with(void (*change)(Options&)) {
  Options options = test::central_plan().options();
  change(options);
  return Plan(test::central_plan().system(), options);
}

TEST(PlanRange, ADecadeOutsideIsFlaggedAndLeavesTheOthersAlone) {
  const Plan& plan = test::central_plan();
  const Mixed models(plan.options());
  const Responses alone = plan.forward(models.inside.view());
  const Responses among = plan.forward(models.mixed.view());
  for (std::int64_t m = 0; m < among.models; ++m) {
    const auto status = among.status[static_cast<std::size_t>(m)];
    if (Mixed::is_outside(m)) {
      EXPECT_EQ(status, Status::out_of_range) << m;
      EXPECT_TRUE(all_nan(row(among, m))) << m;
    } else {
      EXPECT_EQ(status, Status::ok) << m;
      EXPECT_EQ(row(among, m), row(alone, m)) << m;
    }
  }
}

TEST(PlanRange, ADecadeOutsideIsComputedByTheReferenceIfAskedFor) {
  const Plan plan =
      central_with([](Options& options) { options.out_of_range = OutOfRange::reference; });
  EXPECT_NE(plan.backend(), Backend::reference);
  const Mixed models(plan.options());
  const Responses alone = plan.forward(models.inside.view());
  const Responses among = plan.forward(models.mixed.view());
  const Responses truth = test::reference_responses(plan.system(), models.mixed);
  for (std::int64_t m = 0; m < among.models; ++m) {
    EXPECT_EQ(among.status[static_cast<std::size_t>(m)], Status::ok) << m;
    EXPECT_EQ(row(among, m), row(Mixed::is_outside(m) ? truth : alone, m)) << m;
  }
}

TEST(PlanRange, TheEndsAreInside) {
  const Plan& plan = test::central_plan();
  const Range& range = plan.options().resistivity;
  const auto model = test::layered({range.min, range.max}, {20.0});
  EXPECT_EQ(plan.forward(model.view()).status[0], Status::ok);
}

TEST(PlanRange, ARowsTailIsNotLookedAt) {
  auto model = test::layered({50.0, 1e6}, {20.0});
  model.layer_count = {1};
  const Responses responses = test::central_plan().forward(model.view());
  EXPECT_EQ(responses.status[0], Status::ok);
  const auto half_space = test::layered({50.0}, {});
  EXPECT_EQ(responses.response, test::central_plan().forward(half_space.view()).response);
}

TEST(PlanRange, AFaultOfTheModelIsToldBeforeItsRange) {
  const auto model = test::layered({1e6, -1.0}, {20.0});
  const Responses responses = test::central_plan().forward(model.view());
  EXPECT_EQ(responses.status[0], Status::bad_resistivity);
  EXPECT_TRUE(all_nan(responses.response));
}

TEST(PlanRange, ModelsDrawnFromARangeLieInIt) {
  core::EnsembleRange range;
  for (const double most : {11.0, 700.0, 1e4}) {
    range.least_resistivity = 0.3;
    range.most_resistivity = most;
    const ModelSet models = core::random_models(range, {1}, 40, 1);
    EXPECT_EQ(std::ranges::min(models.resistivity), range.least_resistivity);
    EXPECT_EQ(std::ranges::max(models.resistivity), range.most_resistivity);
  }
}

ModelSet polarizable_model() {
  auto model = test::layered({50.0, 200.0}, {20.0});
  model.chargeability = {0.0, 0.4};
  model.time_constant = {1e-3, 1e-3};
  model.exponent = {0.5, 0.5};
  return model;
}

TEST(PlanRange, APolarizableLayerIsOutsideUnlessDeclared) {
  const auto model = polarizable_model();
  const Responses flagged = test::central_plan().forward(model.view());
  EXPECT_EQ(flagged.status[0], Status::out_of_range);
  EXPECT_TRUE(all_nan(flagged.response));
  const Plan plan =
      central_with([](Options& options) { options.out_of_range = OutOfRange::reference; });
  EXPECT_EQ(plan.forward(model.view()).response, test::reference_response(plan.system(), model));
}

TEST(PlanRange, AChargeabilityOfZeroIsNotPolarizable) {
  auto model = polarizable_model();
  model.chargeability = {0.0, 0.0};
  const Responses responses = test::central_plan().forward(model.view());
  EXPECT_EQ(responses.status[0], Status::ok);
  const auto plain = test::layered({50.0, 200.0}, {20.0});
  EXPECT_EQ(responses.response, test::central_plan().forward(plain.view()).response);
}

TEST(PlanRange, AHeightThatWasNotDeclaredIsOutside) {
  auto model = test::layered({50.0}, {});
  model.height = {1.0};  // the system's own
  EXPECT_EQ(test::central_plan().forward(model.view()).status[0], Status::ok);
  model.height = {1.5};
  EXPECT_EQ(test::central_plan().forward(model.view()).status[0], Status::out_of_range);
}

const Plan& airborne_plan() {
  static const Plan plan = [] {
    System system = test::central_loop(test::log_times(1e-5, 1e-3, 11));
    system.moments[0].transmitters[0].height = 30.0;
    system.moments[0].receivers[0].height = 32.0;
    Options options = test::plan_options(1e-3, {1.0, 1000.0});
    options.height = Range{20.0, 100.0};
    return Plan(system, options);
  }();
  return plan;
}

TEST(PlanHeights, OverTheDeclaredRangeAgreeWithTheReference) {
  const Plan& plan = airborne_plan();
  auto models = core::random_models(core::ensemble_range(plan.options()), {1, 2, 3, 8, 30}, 12, 77);
  models.height.front() = 20.0;
  models.height.back() = 100.0;
  const auto error = test::measured_error(plan, models);
  EXPECT_LE(error.worst, 1e-3) << "model " << error.model << " at "
                               << models.height[static_cast<std::size_t>(error.model)] << " m";
}

TEST(PlanHeights, WithoutThemTheSystemsCounts) {
  auto model = test::layered({50.0, 5.0}, {20.0});
  const auto own = airborne_plan().forward(model.view()).response;
  model.height = {30.0};
  EXPECT_LE(test::worst_relative(airborne_plan().forward(model.view()).response, own), 1e-13);
}

TEST(PlanHeights, OutsideTheDeclaredRangeAreFlaggedAndLeaveTheOthersAlone) {
  const Plan& plan = airborne_plan();
  const auto inside = core::random_models(core::ensemble_range(plan.options()), {3}, 6, 78);
  ModelSet mixed = inside;
  mixed.height[1] = 19.0;
  mixed.height[4] = 101.0;
  const Responses alone = plan.forward(inside.view());
  const Responses among = plan.forward(mixed.view());
  for (std::int64_t m = 0; m < 6; ++m) {
    if (m == 1 || m == 4) {
      EXPECT_EQ(among.status[static_cast<std::size_t>(m)], Status::out_of_range);
      EXPECT_TRUE(all_nan(row(among, m)));
    } else {
      EXPECT_EQ(among.status[static_cast<std::size_t>(m)], Status::ok);
      EXPECT_EQ(row(among, m), row(alone, m));
    }
  }
}

}  // namespace
}  // namespace stratem
