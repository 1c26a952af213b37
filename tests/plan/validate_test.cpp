#include "stratem/validate.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/earth/layered_model.hpp"
#include "plan/plan_support.hpp"
#include "stratem/error.hpp"

namespace stratem::test {
namespace {

TEST(ValidationModels, LieWithinTheDeclaredRangeAndBelongToTheSeed) {
  const Plan& plan = central_plan();
  const ModelSet models = validation_models(plan, 23, 5);
  ASSERT_EQ(models.models, 23);
  EXPECT_THAT(std::vector(models.layer_count.begin(), models.layer_count.begin() + 6),
              testing::ElementsAre(1, 2, 3, 8, 30, 1));
  core::LayeredModel model;
  for (std::int64_t k = 0; k < models.models; ++k) {
    ASSERT_EQ(core::gather(models.view(), k, model), Status::ok);
  }
  EXPECT_EQ(validation_models(plan, 23, 5).resistivity, models.resistivity);
  EXPECT_NE(validation_models(plan, 23, 6).resistivity, models.resistivity);
}

TEST(Validation, PassesWhereThePlanKeepsItsTolerance) {
  const Plan& plan = central_plan();
  const ModelSet models = validation_models(plan, 40, 11);
  ValidationOptions options;
  options.backends = {Backend::reference, Backend::cpu};
  options.reference_models = 10;
  const Validation result = validate(plan, models.view(), options);
  ASSERT_EQ(result.comparisons.size(), 1U);
  const Comparison& comparison = result.comparisons.front();
  EXPECT_EQ(comparison.backend, Backend::cpu);
  EXPECT_EQ(comparison.against, Backend::reference);
  EXPECT_EQ(comparison.models, 10);
  EXPECT_EQ(comparison.allowed, 1e-3);
  EXPECT_GT(comparison.worst, 0.0);
  EXPECT_LT(comparison.median, comparison.worst);
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.worst_models().size(), 5U);

  // The model that is named is the one with that error.
  const std::int64_t named = comparison.worst_models.front();
  const ModelSet worst = select_models(models.view(), {named});
  EXPECT_NEAR(measured_error(plan, worst).worst, comparison.worst, 1e-12);
  EXPECT_EQ(measured_error(plan, worst).gate, comparison.worst_gate);
}

TEST(Validation, LeavesOutModelsOutsideTheRange) {
  ModelSet models = validation_models(central_plan(), 4, 3);
  models.resistivity[0] = 1e6;
  ValidationOptions options;
  options.backends = {Backend::cpu};
  const Validation result = validate(central_plan(), models.view(), options);
  EXPECT_EQ(result.comparisons.front().out_of_range, 1);
  EXPECT_TRUE(result.passed());
}

TEST(Validation, RejectsBackendsThatCannotBeCompared) {
  const ModelSet models = validation_models(central_plan(), 1, 1);
  ValidationOptions options;
  options.backends = {Backend::reference};
  EXPECT_THROW(validate(central_plan(), models.view(), options), InputError);
  options.backends = {Backend::automatic};
  EXPECT_THROW(validate(central_plan(), models.view(), options), InputError);
  options.backends = {};
  options.reference_models = 0;
  EXPECT_THROW(validate(central_plan(), models.view(), options), InputError);
}

TEST(SelectedModels, AreCopiesOfThoseNumbers) {
  ModelSet models = validation_models(central_plan(), 6, 2);
  models.height = {1, 2, 3, 4, 5, 6};
  const ModelSet some = select_models(models.view(), {4, 1, 4});
  EXPECT_EQ(some.models, 3);
  EXPECT_EQ(some.height, (std::vector<double>{5, 2, 5}));
  EXPECT_EQ(some.layer_count, (std::vector<std::int32_t>{30, 2, 30}));
  EXPECT_EQ(some.resistivity[30], models.resistivity[30]);
  EXPECT_EQ(some.thickness[0], models.thickness[4 * 29]);
}

TEST(PlanOnAnotherBackend, ComputesTheSameWithoutBuilding) {
  const Plan& plan = central_plan();
  const ModelSet models = validation_models(plan, 20, 9);
  const auto expected = plan.forward(models.view()).response;
  EXPECT_EQ(plan.on(Backend::cpu).forward(models.view()).response, expected);
  Options options = plan.options();
  options.threads = 1;
  options.batch = 3;
  options.cache = "none";
  const Plan other = plan.on(options);
  EXPECT_EQ(other.forward(models.view()).response, expected);
  EXPECT_EQ(other.accuracy().worst, plan.accuracy().worst);
  EXPECT_EQ(other.options().batch, 3);

  const Plan reference = plan.on(Backend::reference);
  EXPECT_EQ(reference.backend(), Backend::reference);
  EXPECT_EQ(reference.accuracy().worst, 0.0);
  options.cache = "none";
  EXPECT_EQ(reference.on(options).forward(models.view()).response, expected);
}

TEST(PlanOnAnotherBackend, RejectsOptionsThatItWasNotMadeWith) {
  Options options = central_plan().options();
  options.tolerance = 1e-5;
  EXPECT_THROW(central_plan().on(options), InputError);
}

}  // namespace
}  // namespace stratem::test
