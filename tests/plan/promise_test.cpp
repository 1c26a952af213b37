// A plan's error on earths that its builder has not seen is below the tolerance it was asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <regex>
#include <string>

#include "core/plan/layer_stack.hpp"
#include "plan/plan_support.hpp"
#include "stratem/error.hpp"
#include "support/half_space.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

void expect_promise(const Plan& plan, const ModelSet& models) {
  const auto error = test::measured_error(plan, models);
  EXPECT_LE(error.worst, plan.options().tolerance)
      << "model " << error.model << ", gate " << error.gate;
  EXPECT_LE(error.median, 0.2 * plan.options().tolerance);
}

/// Errors of a plan for models of 1 to 30 layers drawn with `seed`, `per_count` of each count, and
/// for strong contrasts drawn with the next seed.
void expect_promise(const Plan& plan, int per_count, int contrasts, std::uint64_t seed) {
  const auto range = core::ensemble_range(plan.options());
  expect_promise(plan, core::random_models(range, {1, 2, 3, 8, 30}, per_count, seed));
  expect_promise(plan, test::contrasts(plan.options(), contrasts, seed + 1));
}

TEST(PlanPromise, HoldsForFreshModelsOfTheBuildersKind) {
  const Plan& plan = test::central_plan();
  expect_promise(plan, core::random_models(core::ensemble_range(plan.options()),
                                           {1, 2, 3, 5, 8, 15, 30}, 20, 20261));
}

TEST(PlanPromise, HoldsForLayersOfHalfAMetre) {
  const Plan& plan = test::central_plan();
  expect_promise(plan, test::thin_layers(plan.options(), 40, 20262));
}

TEST(PlanPromise, HoldsForStrongContrasts) {
  const Plan& plan = test::central_plan();
  expect_promise(plan, test::contrasts(plan.options(), 60, 20263));
}

TEST(PlanPromise, HoldsForAHundredLayers) {
  const Plan& plan = test::central_plan();
  expect_promise(plan, core::random_models(core::ensemble_range(plan.options()), {100}, 12, 20264));
}

/// Models of layers with the given thicknesses, m; the last layer is infinite.
ModelSet models_of(const std::vector<std::vector<double>>& resistivity,
                   const std::vector<std::vector<double>>& thickness) {
  ModelSet all;
  for (std::size_t i = 0; i < resistivity.size(); ++i) {
    append(all, test::layered(resistivity[i], thickness[i]));
  }
  return all;
}

TEST(PlanPromise, HoldsForAConductorBelowKilometresOfResistiveGround) {
  const Plan& plan = test::central_plan();
  std::vector<std::vector<double>> resistivity;
  std::vector<std::vector<double>> thickness;
  for (int i = 0; i < 60; ++i) {
    const double depth = 100.0 * std::pow(50.0, i / 59.0);
    resistivity.push_back({1e4, i % 2 == 0 ? 0.1 : 0.3});
    thickness.push_back({depth});
    resistivity.push_back({1e4, 0.1, 1e3});
    thickness.push_back({depth, 0.05 * std::pow(2000.0, i / 59.0)});
  }
  const auto error = test::measured_error(plan, models_of(resistivity, thickness));
  EXPECT_LE(error.worst, plan.options().tolerance)
      << "model " << error.model << ", gate " << error.gate;
}

TEST(PlanPromise, HoldsForLayersEachAtOneEndOfTheRange) {
  const Plan& plan = test::central_plan();
  std::mt19937_64 random(20266);
  std::vector<std::vector<double>> resistivity;
  std::vector<std::vector<double>> thickness;
  for (int i = 0; i < 150; ++i) {
    resistivity.emplace_back();
    thickness.emplace_back();
    for (int layer = 0; layer <= i % 10; ++layer) {
      resistivity.back().push_back(random() % 2 == 0 ? 0.1 : 1e4);
      if (layer == i % 10) break;
      thickness.back().push_back(0.1 *
                                 std::pow(5000.0, static_cast<double>(random() >> 11) * 0x1p-53));
    }
  }
  const auto error = test::measured_error(plan, models_of(resistivity, thickness));
  EXPECT_LE(error.worst, plan.options().tolerance)
      << "model " << error.model << ", gate " << error.gate;
}

TEST(PlanPromise, HoldsForWhatAFreshSearchFinds) {
  const Plan& plan = test::central_plan();
  const ModelSet hardest = plan.hardest_models(150, 20267);
  EXPECT_GE(hardest.models, 50);
  const auto error = test::measured_error(plan, hardest);
  EXPECT_LE(error.worst, plan.options().tolerance)
      << "model " << error.model << ", gate " << error.gate;
  // Models that are found have larger errors than models that are drawn.
  EXPECT_GT(error.worst,
            test::measured_error(
                plan, core::random_stacks(core::ensemble_range(plan.options()), 300, 20268))
                .worst);
}

TEST(PlanPromise, HardestModelsNeedAPlanAndACount) {
  const Plan& plan = test::central_plan();
  EXPECT_THROW(plan.hardest_models(0, 1), InputError);
  Options options;
  options.backend = Backend::reference;
  EXPECT_THROW(Plan(plan.system(), options).hardest_models(5, 1), InputError);
  EXPECT_EQ(plan.hardest_models(3, 1).models, 3);
}

TEST(PlanPromise, TellsWhatASearchFound) {
  const auto& search = test::central_plan().accuracy().search;
  EXPECT_GE(search.searches, 2);
  EXPECT_GE(search.candidates, 2 << 20);  // the last two searches alone
  EXPECT_GT(search.worst, 0.0);
  EXPECT_LE(search.worst, 0.7 * test::central_plan().options().tolerance);
  EXPECT_GT(search.evaluations_before, 100);
}

TEST(PlanPromise, TellsWhatWasMeasured) {
  const PlanAccuracy& accuracy = test::central_plan().accuracy();
  EXPECT_GT(accuracy.median, 0.0);
  EXPECT_LT(accuracy.median, accuracy.worst);
  EXPECT_LE(accuracy.worst, test::central_plan().options().tolerance);
  EXPECT_GT(accuracy.seconds, 0.0);
  EXPECT_GT(accuracy.training_models, 100);
  EXPECT_GT(accuracy.held_out_models, 100);
  EXPECT_LT(accuracy.worst_model, accuracy.held_out_models);
  EXPECT_NEAR(
      accuracy.worst_time,
      test::log_times(1e-6, 1e-2, 31).at(static_cast<std::size_t>(accuracy.worst_gate)).open,
      1e-12);
  ASSERT_FALSE(accuracy.windows.empty());
  EXPECT_NEAR(accuracy.windows.front().first_time, 1e-6, 1e-12);
  EXPECT_NEAR(accuracy.windows.back().last_time, 1e-2, 1e-8);
  double worst = 0.0;
  std::int64_t evaluations = 0;
  for (const auto& window : accuracy.windows) {
    EXPECT_LE(window.first_time, window.last_time);
    worst = std::max(worst, window.worst);
    evaluations += static_cast<std::int64_t>(window.nodes) * window.wavenumbers;
  }
  EXPECT_EQ(worst, accuracy.worst);
  EXPECT_EQ(evaluations, accuracy.evaluations);
}

TEST(PlanPromise, NeedsAtMostTwoThousandEvaluations) {
  EXPECT_LE(test::central_plan().accuracy().evaluations, 2000);
}

TEST(PlanPromise, HoldsInSinglePrecision) {
  Options options = test::plan_options(1e-3);
  options.precision = Precision::float32;
  const Plan plan(test::central_loop(test::log_times(1e-6, 1e-2, 31)), options);
  EXPECT_LE(plan.accuracy().worst, 1e-3);
  for (const auto& window : plan.accuracy().windows) {
    EXPECT_GE(window.nodes_float32, window.nodes / 3) << window.first_time;
  }
  expect_promise(plan, core::random_models(core::ensemble_range(options), {1, 2, 3, 8, 30}, 20, 7));
  expect_promise(plan, test::thin_layers(options, 20, 8));
  expect_promise(plan, test::contrasts(options, 20, 9));
}

TEST(PlanPromise, HoldsForASingleGate) {
  const Options options = test::plan_options(1e-6);
  const Plan plan(test::central_loop({{1e-3, 1e-3}}), options);
  expect_promise(plan, 40, 40, 11);
}

TEST(PlanPromise, HoldsAtAMillionthForALoopOnTheGroundAtEarlyTimes) {
  const Options options = test::plan_options(1e-6);
  System system = test::central_loop(test::log_times(1e-6, 4e-6, 5));
  auto& moment = system.moments[0];
  moment.transmitters[0].loop =
      Polygon{{{20.0, 20.0}, {-20.0, 20.0}, {-20.0, -20.0}, {20.0, -20.0}}};
  moment.transmitters[0].height = 0.0;
  moment.receivers[0].height = 0.0;
  const Plan plan(system, options);
  expect_promise(plan, 20, 20, 15);
}

TEST(PlanPromise, HoldsLateBetweenThinConductorsAndADeepOneAtAMillionth) {
  const Options options = test::plan_options(1e-6);
  const System system = test::central_loop({{1e-2, 1e-2}});
  // Their sums cancel to 1e-9. What rounds in a thin conductor must not be multiplied by that.
  const ModelSet models =
      models_of({{0.20973891603335099, 1e4, 1e4, 0.1, 1080.7686151567616},
                 {0.2789257052409629, 929.6453024658517, 9094.68796496019, 9148.517456766176, 0.1,
                  5551.757970169059, 0.1}},
                {{0.05551259704265286, 4342.7999572193, 475.54479495107404, 51.24702991848987},
                 {0.06502044526050495, 0.05, 5036.350094016303, 0.11102342372297935,
                  31.218299832106197, 0.5181871562306954}});
  expect_promise(Plan(system, options), models);
}

TEST(PlanPromise, HoldsForHalfSpacesFromEndToEndOfTheRange) {
  const Options options = test::plan_options(1e-4);
  System system = test::central_loop(test::log_times(1.5e-3, 5.5e-3, 5));
  auto& moment = system.moments[0];
  moment.waveform = {{-4e-3, -3.995e-3, -5e-6, 0.0}, {0.0, 1.0, 1.0, 0.0}};
  moment.base_frequency = 50.0;
  const Plan plan(system, options);
  ModelSet models;
  models.models = 60;
  models.layers = 1;
  for (int i = 0; i < 60; ++i) models.resistivity.push_back(0.1 * std::pow(1e5, i / 59.0));
  models.resistivity.back() = options.resistivity.max;
  expect_promise(plan, models);
}

TEST(PlanPromise, HoldsWithItsMarginLateOverLayersOnTheMostResistiveGround) {
  const Plan plan(test::central_loop(test::log_times(1e-3, 1e-2, 11)), test::plan_options(1e-4));
  ModelSet models;
  models.layers = 2;
  for (const double thickness : {10.0, 30.0, 90.0, 250.0}) {
    for (int i = 0; i < 12; ++i) {
      ++models.models;
      models.resistivity.insert(models.resistivity.end(), {30.0 * std::pow(3e2, i / 11.0), 1e4});
      models.thickness.push_back(thickness);
    }
  }
  // A margin is required: these responses are small remainders of the plan's sums, and similar
  // models are among those that its error is measured on.
  EXPECT_LE(test::measured_error(plan, models).worst, 0.5 * plan.options().tolerance);
}

TEST(PlanPromise, HoldsForMomentsOfDifferentGeometryThatShareNodes) {
  const Options options = test::plan_options(1e-3, {1.0, 1000.0});
  const System vertical = test::central_loop(test::log_times(1e-5, 1e-3, 13));
  System both = vertical;
  both.moments.push_back(vertical.moments[0]);
  both.moments[1].transmitters[0].loop = Circle{40.0};
  both.moments[1].receivers[0].position = {15.0, 0.0};
  both.moments[1].receivers[0].component = Component::x;
  both.moments[1].gates = test::log_times(2e-5, 3e-3, 9);
  const Plan plan(both, options);
  expect_promise(plan, 12, 20, 13);
  EXPECT_LE(10 * plan.accuracy().evaluations, 17 * Plan(vertical, options).accuracy().evaluations);
}

TEST(PlanPromise, OutOfReachIsAnErrorThatNamesWhatCan) {
  Options options = test::plan_options(1e-7, {1e-2, 1e6});
  const System system = test::central_loop({{1e-3, 1e-3}});
  try {
    Plan plan(system, options);
    FAIL() << "eight decades of resistivity cannot be kept at 1e-7, measured was "
           << plan.accuracy().worst;
  } catch (const InputError& error) {
    const std::string message = error.what();
    std::smatch found;
    ASSERT_TRUE(std::regex_search(message, found, std::regex("^tolerance: 1e-0?7 .*; (\\S+) can$")))
        << message;
    options.tolerance = std::stod(found[1].str());
  }
  EXPECT_GT(options.tolerance, 1e-7);
  EXPECT_LE(Plan(system, options).accuracy().worst, options.tolerance);
}

TEST(PlanPromise, WhatSinglePrecisionCannotKeepIsComputedInDouble) {
  Options options = test::plan_options(1e-7, {20.0, 50.0});
  options.precision = Precision::float32;
  const Plan plan(test::central_loop({{1e-4, 1e-4}}), options);
  EXPECT_LE(plan.accuracy().worst, options.tolerance);
  EXPECT_LT(plan.accuracy().windows.front().nodes_float32, plan.accuracy().windows.front().nodes);
}

/// A plan for layers that may be polarizable; responses of some change sign.
const Plan& polarizable_plan() {
  static const Plan plan = [] {
    Options options = test::plan_options(1e-3, {1.0, 1000.0});
    options.polarizable = true;
    return Plan(test::central_loop(test::log_times(1e-5, 1e-3, 13)), options);
  }();
  return plan;
}

TEST(PlanPolarizable, HoldsForFreshModels) {
  const auto range = core::ensemble_range(polarizable_plan().options());
  expect_promise(polarizable_plan(), core::random_models(range, {1, 2, 3, 5, 8, 15}, 24, 20265));
}

TEST(PlanPolarizable, HoldsForALoneLayerAtTheDeclaredAngle) {
  // Chargeability 0.5 and exponent 1 put the singularities 0.79 radians off the negative axis.
  ModelSet models;
  for (const double time_constant : {1e-6, 1e-5, 1e-4, 1e-3, 1e-2}) {
    ++models.models;
    models.layers = 1;
    models.resistivity.push_back(30.0);
    models.chargeability.push_back(0.5);
    models.time_constant.push_back(time_constant);
    models.exponent.push_back(1.0);
  }
  const auto error = test::measured_error(polarizable_plan(), models);
  EXPECT_LE(error.worst, 1e-3) << "model " << error.model << ", gate " << error.gate;
}

TEST(PlanPolarizable, HoldsForModelsThatAreNot) {
  Options options = polarizable_plan().options();
  options.polarizable = false;
  expect_promise(polarizable_plan(), test::contrasts(options, 40, 20266));
  expect_promise(polarizable_plan(), test::thin_layers(options, 20, 20267));
}

TEST(PlanPolarizable, LayersBeyondTheDeclaredAngleAreOutOfRange) {
  auto model = test::layered({50.0}, {});
  model.chargeability = {0.9};
  model.time_constant = {1e-3};
  model.exponent = {0.5};
  EXPECT_EQ(polarizable_plan().forward(model.view()).status[0], Status::ok);
  model.exponent = {0.6};
  EXPECT_EQ(polarizable_plan().forward(model.view()).status[0], Status::out_of_range);
}

TEST(PlanPolarizable, WhatIsLeftOfAResistivityAtHighFrequenciesMustBeInTheRange) {
  auto model = test::layered({1.5}, {});
  model.chargeability = {0.3};
  model.time_constant = {1e-3};
  model.exponent = {0.5};
  EXPECT_EQ(polarizable_plan().forward(model.view()).status[0], Status::ok);
  model.chargeability = {0.4};
  EXPECT_EQ(polarizable_plan().forward(model.view()).status[0], Status::out_of_range);
}

// On the ground there is no e^{-lambda H} that limits the wavenumbers.
const Plan& ground_plan() {
  static const Plan plan = [] {
    System system = test::central_loop(test::log_times(1e-5, 1e-2, 16));
    system.moments[0].transmitters[0].height = 0.0;
    system.moments[0].receivers[0].height = 0.0;
    return Plan(system, test::plan_options(1e-3, {1.0, 1000.0}));
  }();
  return plan;
}

TEST(PlanHalfSpace, OnTheGroundMeetsTheClosedForm) {
  for (const double resistivity : {1.0, 7.0, 80.0, 1000.0}) {
    const auto response = ground_plan().forward(test::layered({resistivity}, {}).view()).response;
    for (std::size_t g = 0; g < response.size(); ++g) {
      const double time = ground_plan().system().moments[0].gates[g].open;
      const double expected = test::half_space_on_ground(Quantity::dbdt, 10.0, resistivity, time);
      EXPECT_NEAR(response[g] / expected, 1.0, 1e-3) << resistivity << " ohm-m, " << time << " s";
    }
  }
}

TEST(PlanHalfSpace, DecaysLikeTimeToTheMinusFiveHalves) {
  const auto response = ground_plan().forward(test::layered({1000.0}, {}).view()).response;
  // The last decade: 5 of 15 steps over three decades.
  EXPECT_NEAR(std::log10(response[15] / response[10]), -2.5, 1e-3);
}

}  // namespace
}  // namespace stratem
