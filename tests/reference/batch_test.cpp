// Batches of models through a Plan on the reference backend.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "stratem/backends.hpp"
#include "stratem/error.hpp"
#include "stratem/plan.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

Options reference(int threads = 1) {
  Options options;
  options.backend = Backend::reference;
  options.threads = threads;
  return options;
}

ModelSet three_models() {
  ModelSet models;
  models.models = 3;
  models.layers = 3;
  models.resistivity = {100, 10, 50, 30, 300, 3, 1, 2, 3};
  models.thickness = {30, 70, 5, 8, 20, 40};
  return models;
}

TEST(Batch, IsBitwiseTheSameForAnyNumberOfThreadsAndOrder) {
  const System system = test::central_loop(test::log_times(1e-5, 1e-3, 4));
  const ModelSet models = three_models();
  const Responses one = Plan(system, reference(1)).forward(models.view());
  const Responses two = Plan(system, reference(2)).forward(models.view());
  EXPECT_EQ(one.response, two.response);

  ModelBatch backwards = models.view();
  backwards.resistivity = {models.resistivity.data() + 6, 3, 3, -3, 1};
  backwards.thickness = {models.thickness.data() + 4, 3, 2, -2, 1};
  const Responses reversed = Plan(system, reference(2)).forward(backwards);
  for (std::int64_t m = 0; m < 3; ++m) {
    for (std::int64_t g = 0; g < 4; ++g) EXPECT_EQ(reversed(m, g), one(2 - m, g));
  }
}

TEST(Batch, VaryingLayerCountsIgnoreTheTail) {
  const System system = test::central_loop(test::log_times(1e-5, 1e-3, 4));
  ModelSet models = three_models();
  models.layer_count = {3, 1, 2};
  models.resistivity[4] = std::numeric_limits<double>::quiet_NaN();
  const Responses responses = Plan(system, reference()).forward(models.view());
  const auto half_space = test::reference_response(system, test::layered({30}, {}));
  const auto two_layers = test::reference_response(system, test::layered({1, 2}, {20}));
  for (std::int64_t g = 0; g < 4; ++g) {
    EXPECT_EQ(responses(1, g), half_space[static_cast<std::size_t>(g)]);
    EXPECT_EQ(responses(2, g), two_layers[static_cast<std::size_t>(g)]);
  }
}

TEST(Batch, OneBadModelDoesNotFailTheOthers) {
  const System system = test::central_loop(test::log_times(1e-5, 1e-3, 4));
  ModelSet models = three_models();
  const Responses good = Plan(system, reference()).forward(models.view());
  models.resistivity[4] = -1.0;
  const Responses responses = Plan(system, reference()).forward(models.view());
  EXPECT_EQ(responses.status[0], Status::ok);
  EXPECT_EQ(responses.status[1], Status::bad_resistivity);
  EXPECT_EQ(responses.status[2], Status::ok);
  for (std::int64_t g = 0; g < 4; ++g) {
    EXPECT_EQ(responses(0, g), good(0, g));
    EXPECT_TRUE(std::isnan(responses(1, g)));
    EXPECT_EQ(responses(2, g), good(2, g));
  }
}

TEST(Batch, HeightBelowTheGroundIsABadModel) {
  System system = test::central_loop(test::log_times(1e-5, 1e-3, 2));
  system.moments[0].transmitters[0].height = 120.0;
  system.moments[0].receivers[0].height = 80.0;
  system.moments[0].receivers[0].position = {-120.0, 0.0};
  ModelSet models = three_models();
  models.height = {120.0, 39.0, std::numeric_limits<double>::infinity()};
  const Responses responses = Plan(system, reference()).forward(models.view());
  EXPECT_EQ(responses.status[0], Status::ok);
  EXPECT_EQ(responses.status[1], Status::bad_height);
  EXPECT_EQ(responses.status[2], Status::bad_height);
}

TEST(Batch, SystemWithoutHeightNeedsModelsThatHaveOne) {
  System system = test::central_loop(test::log_times(1e-5, 1e-3, 2));
  system.moments[0].transmitters[0].height = 0.0;
  system.moments[0].receivers[0].height = 2.0;
  system.height_from_models = true;
  const Plan plan(system, reference());
  ModelSet models = three_models();
  EXPECT_THROW(plan.forward(models.view()), InputError);
  models.height = {30.0, 31.0, 32.0};
  EXPECT_EQ(plan.forward(models.view()).status[0], Status::ok);
}

TEST(Batch, OfNoModelsIsEmpty) {
  const Plan plan(test::central_loop(test::log_times(1e-5, 1e-3, 2)), reference());
  ModelSet none;
  none.layers = 3;
  EXPECT_TRUE(plan.forward(none.view()).response.empty());
}

TEST(Batch, RejectsResponsesOfAnotherShape) {
  const Plan plan(test::central_loop(test::log_times(1e-5, 1e-3, 2)), reference());
  const ModelSet models = three_models();
  Responses wrong(3, 5);
  EXPECT_THROW(plan.forward(models.view(), wrong.view()), InputError);
}

TEST(Plan, RejectsABackendThatIsNotUsable) {
  if (!devices().empty()) GTEST_SKIP() << "all backends are usable";
  Options options;
  options.backend = Backend::cuda;
  EXPECT_THROW(Plan(test::central_loop(test::log_times(1e-5, 1e-3, 2)), options), UnavailableError);
}

}  // namespace
}  // namespace stratem
