// Limits and invariances of the layered earth.
#include <gtest/gtest.h>

#include <cmath>

#include "support/systems.hpp"

namespace stratem {
namespace {

class Layers : public testing::Test {
 protected:
  System system_ = test::central_loop(test::log_times(1e-6, 1e-1, 11));

  std::vector<double> response(std::vector<double> rho, std::vector<double> h) {
    return test::reference_response(system_, test::layered(std::move(rho), std::move(h)));
  }
};

TEST_F(Layers, OfEqualResistivityMerge) {
  EXPECT_LT(test::worst_relative(response({30, 30, 30, 500, 500}, {3, 40, 0.5, 90}),
                                 response({30, 500}, {43.5})),
            1e-11);
}

TEST_F(Layers, TwoHundredThinOnesAreTheLayerTheyMakeUp) {
  std::vector<double> rho(200, 12.0);
  std::vector<double> h(199, 0.5);
  rho.back() = 800.0;
  EXPECT_LT(test::worst_relative(response(rho, h), response({12, 800}, {99.5})), 1e-9);
}

TEST_F(Layers, TooDeepToBeReachedDoNotCount) {
  system_.moments[0].gates = test::log_times(1e-6, 1e-5, 3);
  EXPECT_LT(test::worst_relative(response({1, 1000}, {200}), response({1}, {})), 1e-12);
}

TEST_F(Layers, FollowASmallPerturbationSmoothly) {
  // Half of a small step gives half of the change, also late over resistive ground.
  const auto base = response({3000, 9000, 4000}, {20, 60});
  const auto half = response({3000, 9000 * 1.001, 4000}, {20, 60});
  const auto full = response({3000, 9000 * 1.002, 4000}, {20, 60});
  for (std::size_t g = 0; g < base.size(); ++g) {
    EXPECT_NEAR((full[g] - base[g]) / (half[g] - base[g]), 2.0, 0.01) << g;
  }
}

TEST_F(Layers, ConductorWithThickCoverNeitherOverflowsNorVanishes) {
  for (const double value : response({0.1, 10000, 0.1}, {200, 1000})) {
    EXPECT_TRUE(std::isfinite(value));
    EXPECT_GT(value, 0.0);
  }
}

TEST_F(Layers, ScaleWithLengthAndResistivity) {
  // Lengths times L and resistivities times L^2 leave the times as they are; B falls as 1/L.
  const double scale = 3.0;
  const auto one = response({100, 7, 900}, {25, 40});
  auto& moment = system_.moments[0];
  moment.transmitters[0].loop = Circle{10.0 * scale};
  moment.transmitters[0].height *= scale;
  moment.receivers[0].height *= scale;
  auto other = response({900, 63, 8100}, {75, 120});
  for (auto& value : other) value *= scale;
  EXPECT_LT(test::worst_relative(other, one), 1e-9);
}

TEST_F(Layers, WithoutChargeabilityAreNotPolarizable) {
  ModelSet model = test::layered({100, 300, 50}, {10, 50});
  const auto plain = test::reference_response(system_, model);
  model.chargeability = {0.0, 0.0, 0.0};
  model.time_constant = {1e-3, 1e-3, 1e-3};
  model.exponent = {0.5, 0.5, 0.5};
  EXPECT_EQ(test::reference_response(system_, model), plain);
  model.chargeability = {1e-9, 1e-9, 1e-9};
  EXPECT_LT(test::worst_relative(test::reference_response(system_, model), plain), 1e-5);
}

TEST_F(Layers, PolarizedAtOnceConductAsAtHighFrequency) {
  // A time constant far beyond all times leaves the resistivity rho (1 - m).
  system_.moments[0].gates = test::log_times(1e-6, 1e-4, 5);
  ModelSet model = test::layered({100, 300}, {20});
  model.chargeability = {0.5, 0.2};
  model.time_constant = {1e9, 1e9};
  model.exponent = {1.0, 1.0};
  EXPECT_LT(
      test::worst_relative(test::reference_response(system_, model), response({50, 240}, {20})),
      1e-6);
}

}  // namespace
}  // namespace stratem
