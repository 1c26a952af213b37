// The errors of a plan over held-out models.
#include "core/plan/held_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace stratem::core {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

/// Models of one layer, two gates.
Ensemble ensemble_of(std::vector<double> truth, std::vector<double> size) {
  Ensemble ensemble;
  ensemble.models.models = std::ssize(truth) / 2;
  ensemble.models.layers = 1;
  ensemble.models.resistivity.assign(static_cast<std::size_t>(ensemble.models.models), 10.0);
  ensemble.truth = Responses(ensemble.models.models, 2);
  ensemble.truth.response = std::move(truth);
  ensemble.size = std::move(size);
  return ensemble;
}

TEST(HeldOut, TellsTheWorstErrorOfEveryGateAndTheToleranceItNeeds) {
  HeldOut held_out;
  held_out.add(ensemble_of({1.0, 2.0}, {1.0, 4.0}), 0.5);
  held_out.add(ensemble_of({-1.0, 1.0}, {1.0, 1.0}), 0.8);
  Responses responses(2, 2);
  responses.response = {1.125, 2.5, -1.25, 1.0};
  const HeldOutErrors errors = held_out.errors(responses);
  EXPECT_THAT(errors.of_gate, ElementsAre(DoubleEq(0.25), DoubleEq(0.125)));
  EXPECT_THAT(errors.needed, ElementsAre(DoubleEq(0.25 / 0.8), DoubleEq(0.25)));
  EXPECT_EQ(errors.worst, 0.25);
  EXPECT_EQ(errors.worst_gate, 0);
  EXPECT_EQ(errors.worst_model, 1);
  EXPECT_EQ(errors.median, 0.125);
  EXPECT_EQ(held_out.models().models, 2);
}

TEST(HeldOut, CountsWhatIsNoNumberAsTheLargestError) {
  HeldOut held_out;
  held_out.add(ensemble_of({1.0, 2.0}, {1.0, 1.0}), 1.0);
  Responses responses(1, 2);
  responses.response = {1.0, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(held_out.errors(responses).worst, std::numeric_limits<double>::max());
}

}  // namespace
}  // namespace stratem::core
