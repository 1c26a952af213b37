// Limits and invariances of the layered earth.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "core/earth/layered_model.hpp"
#include "core/earth/polarization.hpp"
#include "core/earth/reflection.hpp"
#include "core/survey/loop_weight.hpp"
#include "reference/earth.hpp"
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

/// Abate and Whitt's Euler algorithm ("A unified framework for numerically inverting Laplace
/// transforms", 2006): all its nodes have a positive real part, so that it does not matter where
/// the transform is singular.
template <class F>
double euler_inversion(F transform, double time) {
  constexpr int m = 18;
  std::vector<double> xi(2 * m + 1, 1.0);
  xi[0] = 0.5;
  xi[2 * m] = std::ldexp(1.0, -m);
  double binomial = 1.0;
  for (int k = 1; k < m; ++k) {
    binomial *= static_cast<double>(m - k + 1) / k;
    xi[static_cast<std::size_t>(2 * m - k)] =
        xi[static_cast<std::size_t>(2 * m - k + 1)] + std::ldexp(binomial, -m);
  }
  double sum = 0.0;
  for (int k = 0; k <= 2 * m; ++k) {
    const std::complex<double> beta{m * std::log(10.0) / 3.0, std::numbers::pi * k};
    sum +=
        (k % 2 == 0 ? 1.0 : -1.0) * xi[static_cast<std::size_t>(k)] * transform(beta / time).real();
  }
  return std::pow(10.0, m / 3.0) / time * sum;
}

TEST(PolarizableLayers, ThatOscillateAreInvertedRightly) {
  // With a strong polarization of exponent 1, diffusion and polarization oscillate: the transform
  // has poles far off the negative real axis, on the wrong side of a narrow contour.
  System system = test::central_loop(test::log_times(1e-5, 1e-2, 25));
  auto& moment = system.moments[0];
  moment.transmitters[0].height = 35.0;
  moment.receivers[0].height = 35.0;
  const core::LoopWeight weight(moment, system.normalization);
  for (const double exponent : {1.0, 0.9, 0.6}) {
    ModelSet model = test::layered({5.0, 400.0, 30.0}, {30.0, 40.0});
    model.chargeability = {0.7, 0.0, 0.5};
    model.time_constant = {3e-4, 1e-3, 1e-3};
    model.exponent = {exponent, exponent, exponent};
    core::LayeredModel layers;
    ASSERT_EQ(core::gather(model.view(), 0, layers), Status::ok);
    EXPECT_GT(core::singularity_angle(layers), exponent == 0.6 ? 0.5 : 0.8);

    const auto transform = [&](std::complex<double> s) {
      const auto k = core::layer_constants(layers, s);
      std::complex<double> sum = 0.0;
      const double step = 0.01;
      for (double x = std::log(1e-8); x < std::log(40.0 / 70.0); x += step) {
        const double lambda = std::exp(x);
        sum += weight(lambda) * std::exp(-70.0 * lambda) * lambda * step *
               core::reflection_coefficient(k, layers.thickness, lambda);
      }
      return sum;
    };
    const auto response = test::reference_response(system, model);
    for (std::size_t g = 0; g < response.size(); ++g) {
      const double expected = euler_inversion(transform, moment.gates[g].open);
      double size = 0.0;  // a response that oscillates passes through 0
      for (std::size_t k = std::max<std::size_t>(g, 2) - 2; k < std::min(g + 3, response.size());
           ++k) {
        size = std::max(size, std::abs(response[k]));
      }
      EXPECT_NEAR(response[g], expected, 3e-5 * size) << exponent << " " << moment.gates[g].open;
    }
  }
}

}  // namespace
}  // namespace stratem
