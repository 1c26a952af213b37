#include "stratem/sampling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "core/earth/layered_model.hpp"
#include "core/sampling/distribution.hpp"
#include "stratem/error.hpp"
#include "support/message_of.hpp"

namespace {

using stratem::Distribution;
using stratem::InputError;
using stratem::LayerPrior;
using stratem::ModelSet;
using stratem::Prior;
using stratem::sample;
using stratem::Status;
using stratem::test::message_of;
using testing::HasSubstr;
using testing::StartsWith;
using Kind = Distribution::Kind;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Distribution fixed(double value) { return {Kind::fixed, value, 0.0, {}, {}}; }
Distribution uniform(double min, double max) { return {Kind::uniform, 0.0, 0.0, min, max}; }
Distribution log_uniform(double min, double max) { return {Kind::log_uniform, 0.0, 0.0, min, max}; }
Distribution normal(double mean, double sigma) { return {Kind::normal, mean, sigma, {}, {}}; }
Distribution log_normal(double median, double sigma) {
  return {Kind::log_normal, median, sigma, {}, {}};
}
Distribution truncated(Distribution distribution, double min, double max) {
  distribution.min = min;
  distribution.max = max;
  return distribution;
}

LayerPrior layer_of(const Distribution& resistivity) {
  LayerPrior layer;
  layer.resistivity = resistivity;
  return layer;
}

/// A half-space whose resistivity has the distribution.
Prior half_space(const Distribution& resistivity) {
  Prior prior;
  prior.layers.push_back(layer_of(resistivity));
  return prior;
}

Prior three_layers() {
  Prior prior;
  for (int i = 0; i < 3; ++i) {
    LayerPrior layer = layer_of(log_uniform(1, 1000));
    if (i < 2) layer.thickness = uniform(5, 50);
    prior.layers.push_back(layer);
  }
  prior.layers[1].chargeability = uniform(0.1, 0.9);
  prior.layers[1].time_constant = log_uniform(1e-5, 1e-1);
  prior.layers[1].exponent = truncated(normal(0.5, 0.2), 0.1, 1.0);
  prior.height = uniform(25, 45);
  return prior;
}

Prior depth_prior() {
  Prior prior;
  for (int i = 0; i < 5; ++i) {
    LayerPrior layer = layer_of(fixed(100));
    if (i > 0) layer.depth = uniform(1, 200);
    prior.layers.push_back(layer);
  }
  return prior;
}

std::string refusal(const Prior& prior) {
  return message_of([&] { check(prior); });
}

// From an implementation of Philox4x32-10 in Python, written from the paper (Salmon, Moraes, Dror
// and Shaw 2011, equations of section 3.3), which gives the known answers of Random123's
// kat_vectors for keys and counters of zeros and of the digits of pi:
//   for r in range(10):
//     if r: k0, k1 = k0 + 0x9E3779B9, k1 + 0xBB67AE85
//     p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
//     c0, c1, c2, c3 = hi(p1) ^ c1 ^ k0, lo(p1), hi(p0) ^ c3 ^ k1, lo(p0)
//   u = ((c1 << 32 | c0) >> 11 | 1) * 2.0**-53
TEST(RandomNumbers, AreThoseOfPhilox) {
  using stratem::core::uniform;
  EXPECT_EQ(uniform({.seed = 1}), 0x1.ca141d79c7d01p-1);
  EXPECT_EQ(uniform({.seed = 1, .parameter = 1}), 0x1.0a0992d81c1c6p-2);
  EXPECT_EQ(uniform({.seed = 42, .model = 123456789012, .parameter = 19}), 0x1.50e03ad318aafp-1);
  EXPECT_EQ(uniform({.seed = ~std::uint64_t{0},
                     .model = (std::uint64_t{1} << 63) - 1,
                     .parameter = ~std::uint32_t{0},
                     .draw = ~std::uint32_t{0}}),
            0x1.2795c856f4a53p-1);
}

TEST(RandomNumbers, LieInTheOpenUnitInterval) {
  for (std::uint64_t model = 0; model < 100'000; ++model) {
    const double u = stratem::core::uniform({.seed = 5, .model = model});
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    // An odd multiple of 2^-53: neither 0 nor 1 can be one.
    ASSERT_EQ(std::fmod(u * 0x1p53, 2.0), 1.0);
  }
}

// From the same Python: 10**(3 * u(42, 123456789012, 0)) 5 + 45 * u(42, 123456789012, 9)
// and 25 + 20 * u(42, 123456789012, 6).
TEST(Sampling, GivesTheModelsItAlwaysGave) {
  const ModelSet set = sample(three_layers(), 42, 123456789012, 1);
  EXPECT_NEAR(set.resistivity[0] / 33.23563010473955, 1.0, 1e-14);
  EXPECT_NEAR(set.thickness[1] / 18.429820786945513, 1.0, 1e-14);
  EXPECT_NEAR(set.height[0] / 37.15544029591641, 1.0, 1e-14);
}

TEST(Sampling, GivesTheSameModelsInAnyShard) {
  for (const Prior& prior : {three_layers(), depth_prior()}) {
    const ModelSet whole = sample(prior, 7, 0, 101);
    for (const auto& [first, count] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 1}, {1, 37}, {38, 63}, {50, 0}}) {
      const ModelSet part = sample(prior, 7, first, count);
      EXPECT_EQ(part.models, count);
      const auto expect_slice = [&, begin = first, size = count](auto member,
                                                                 std::int64_t columns) {
        const auto& all = whole.*member;
        if (all.empty()) return;
        const auto from = all.begin() + begin * columns;
        EXPECT_EQ(part.*member, std::vector<double>(from, from + size * columns)) << begin;
      };
      expect_slice(&ModelSet::resistivity, whole.layers);
      expect_slice(&ModelSet::thickness, whole.layers - 1);
      expect_slice(&ModelSet::depth, whole.layers);
      expect_slice(&ModelSet::chargeability, whole.layers);
      expect_slice(&ModelSet::time_constant, whole.layers);
      expect_slice(&ModelSet::exponent, whole.layers);
      expect_slice(&ModelSet::height, 1);
    }
  }
}

TEST(Sampling, GoesBeyondTwoToTheThirtyTwoModels) {
  const std::int64_t far = (std::int64_t{1} << 32) + 3;
  const Prior prior = half_space(uniform(1, 2));
  EXPECT_NE(sample(prior, 1, far, 1).resistivity, sample(prior, 1, 3, 1).resistivity);
}

TEST(Sampling, GivesOtherModelsForAnotherSeed) {
  const Prior prior = half_space(uniform(1, 2));
  EXPECT_NE(sample(prior, 1, 0, 1).resistivity, sample(prior, 2, 0, 1).resistivity);
  EXPECT_NE(sample(prior, 1, 0, 1).resistivity,
            sample(prior, 1 + (std::uint64_t{1} << 32), 0, 1).resistivity);
}

TEST(Sampling, KeepsTheOtherParametersWhenOneIsAdded) {
  Prior more = three_layers();
  more.layers.back().thickness = uniform(1, 2);
  more.layers.push_back(layer_of(fixed(1)));
  more.height.reset();
  const ModelSet before = sample(three_layers(), 1, 0, 1);
  const ModelSet after = sample(more, 1, 0, 1);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(before.resistivity[i], after.resistivity[i]);
}

/// Largest distance between the distribution of numbers and the expected one (Kolmogorov, Smirnov),
/// times the root of their number.
template <class Cdf>
double kolmogorov(std::vector<double> values, Cdf cdf) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double expected = cdf(values[i]);
    distance = std::max({distance, std::abs(expected - static_cast<double>(i) / n),
                         std::abs(expected - static_cast<double>(i + 1) / n)});
  }
  return distance * std::sqrt(n);
}

double normal_cdf(double z) { return 0.5 * (1.0 + std::erf(z / std::numbers::sqrt2)); }

constexpr std::int64_t many = 20'000;
/// Exceeded by chance once in 10,000.
constexpr double kolmogorov_bound = 2.23;

std::vector<double> draw(const Distribution& distribution, std::uint64_t seed = 1) {
  return sample(half_space(distribution), seed, 0, many).resistivity;
}

TEST(Distributions, FixedGivesItsValue) {
  for (const double value : draw(fixed(12.5))) ASSERT_EQ(value, 12.5);
}

TEST(Distributions, UniformIsUniform) {
  const auto values = draw(uniform(10, 30));
  EXPECT_LT(kolmogorov(values, [](double x) { return (x - 10) / 20; }), kolmogorov_bound);
  EXPECT_GT(kolmogorov(values, [](double x) { return (x - 10) / 21; }), kolmogorov_bound);
}

TEST(Distributions, LogUniformIsUniformInTheLogarithm) {
  auto values = draw(log_uniform(1, 1000));
  EXPECT_LT(kolmogorov(values, [](double x) { return std::log10(x) / 3; }), kolmogorov_bound);
  std::nth_element(values.begin(), values.begin() + many / 2, values.end());
  EXPECT_NEAR(std::log10(values[many / 2]), 1.5, 0.05);
}

TEST(Distributions, NormalHasItsMeanAndDeviation) {
  const auto values = draw(truncated(normal(500, 20), 1, 1e6));
  EXPECT_LT(kolmogorov(values, [](double x) { return normal_cdf((x - 500) / 20); }),
            kolmogorov_bound);
  double sum = 0.0;
  double squares = 0.0;
  for (const double x : values) {
    sum += x - 500;
    squares += (x - 500) * (x - 500);
  }
  // Four standard errors.
  EXPECT_NEAR(sum / many, 0.0, 4 * 20 / std::sqrt(1.0 * many));
  EXPECT_NEAR(std::sqrt(squares / many), 20.0, 4 * 20 / std::sqrt(2.0 * many));
}

TEST(Distributions, LogNormalIsNormalInTheLogarithm) {
  EXPECT_LT(kolmogorov(draw(log_normal(50, 1.2)),
                       [](double x) { return normal_cdf(std::log(x / 50) / 1.2); }),
            kolmogorov_bound);
}

TEST(Distributions, TruncationCutsAndKeepsTheShape) {
  const double low = normal_cdf(-1.0);
  const double high = normal_cdf(0.5);
  const auto values = draw(truncated(normal(10, 2), 8, 11));
  EXPECT_GE(*std::min_element(values.begin(), values.end()), 8.0);
  EXPECT_LE(*std::max_element(values.begin(), values.end()), 11.0);
  EXPECT_LT(
      kolmogorov(values, [&](double x) { return (normal_cdf((x - 10) / 2) - low) / (high - low); }),
      kolmogorov_bound);

  const auto logs = draw(truncated(log_normal(50, 1), 40, 60));
  const double below = normal_cdf(std::log(0.8));
  const double above = normal_cdf(std::log(1.2));
  EXPECT_LT(
      kolmogorov(
          logs, [&](double x) { return (normal_cdf(std::log(x / 50)) - below) / (above - below); }),
      kolmogorov_bound);
}

// Far out, a normal distribution falls like an exponential of rate z at the truncation point z, to
// 1/z^2: 30 deviations away the mean excess is 1/30 within a part in 450.
TEST(Distributions, TruncationIsRightFarOutInEitherTail) {
  const auto upper = draw(truncated(normal(100, 1), 130, 150));
  const auto lower = draw(truncated(normal(100, 1), 50, 70));
  double above = 0.0;
  double below = 0.0;
  for (std::size_t i = 0; i < upper.size(); ++i) {
    ASSERT_GE(upper[i], 130.0);
    ASSERT_LE(lower[i], 70.0);
    above += upper[i] - 130.0;
    below += 70.0 - lower[i];
  }
  EXPECT_NEAR(above / many * 30, 1.0, 0.03);
  EXPECT_NEAR(below / many * 30, 1.0, 0.03);
  EXPECT_LT(kolmogorov(upper,
                       [](double x) {
                         return 1 - std::erfc((x - 100) / std::numbers::sqrt2) /
                                        std::erfc(30 / std::numbers::sqrt2);
                       }),
            kolmogorov_bound);
}

// Quantiles of the standard normal from tables (Abramowitz and Stegun 1964, table 26.5).
TEST(Distributions, NormalQuantilesAreThoseOfTheTables) {
  const stratem::core::Quantile quantile(normal(0, 1));
  EXPECT_NEAR(quantile(0.5), 0.0, 1e-15);
  EXPECT_NEAR(quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(quantile(0.025), -1.959963984540054, 1e-14);
  EXPECT_NEAR(quantile(0.8413447460685429), 1.0, 1e-14);
  EXPECT_TRUE(std::isfinite(quantile(0x1p-53)));
  EXPECT_TRUE(std::isfinite(quantile(1.0 - 0x1p-53)));
}

TEST(Sampling, DrawsParametersIndependently) {
  const ModelSet set = sample(three_layers(), 1, 0, many);
  double products = 0.0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(many); ++k) {
    const double first = (std::log10(set.resistivity[3 * k]) - 1.5) / 3;
    const double second = (std::log10(set.resistivity[3 * k + 1]) - 1.5) / 3;
    products += 12 * first * second;
  }
  EXPECT_NEAR(products / many, 0.0, 4 / std::sqrt(1.0 * many));
}

TEST(Sampling, GivesDepthsThatIncreaseFromZero) {
  const ModelSet set = sample(depth_prior(), 3, 0, 1000);
  EXPECT_TRUE(set.thickness.empty());
  stratem::core::LayeredModel model;
  for (std::int64_t k = 0; k < set.models; ++k) {
    ASSERT_EQ(stratem::core::gather(set.view(), k, model), Status::ok) << k;
  }
}

TEST(Sampling, GivesModelsThatCanBeComputed) {
  const ModelSet set = sample(three_layers(), 3, 0, 1000);
  check_shapes(set.view());
  stratem::core::LayeredModel model;
  for (std::int64_t k = 0; k < set.models; ++k) {
    ASSERT_EQ(stratem::core::gather(set.view(), k, model), Status::ok) << k;
  }
}

TEST(Sampling, GivesLayersWithoutPolarizationNone) {
  const ModelSet set = sample(three_layers(), 3, 0, 2);
  for (const std::size_t layer : {0U, 2U, 3U, 5U}) {
    EXPECT_EQ(set.chargeability[layer], 0.0);
    EXPECT_EQ(set.time_constant[layer], 1.0);
    EXPECT_EQ(set.exponent[layer], 1.0);
  }
  EXPECT_GT(set.chargeability[1], 0.0);
}

TEST(Sampling, GivesOneLayerWithoutBoundaries) {
  const ModelSet set = sample(half_space(uniform(1, 2)), 1, 0, 3);
  EXPECT_EQ(set.layers, 1);
  EXPECT_TRUE(set.thickness.empty() && set.depth.empty() && set.height.empty());
  EXPECT_EQ(set.resistivity.size(), 3U);
}

TEST(Sampling, RejectsNegativeCounts) {
  EXPECT_THROW(sample(half_space(fixed(1)), 1, -1, 1), InputError);
  EXPECT_THROW(sample(half_space(fixed(1)), 1, 0, -1), InputError);
}

TEST(PriorCheck, AcceptsWhatIsAllowed) {
  EXPECT_EQ(refusal(three_layers()), "no error");
  EXPECT_EQ(refusal(depth_prior()), "no error");
  Prior edges = three_layers();
  edges.layers[1].chargeability = fixed(0.0);
  edges.layers[1].exponent = uniform(0.5, 1.0);
  edges.layers[1].time_constant = log_normal(1e-3, 2);
  edges.height = uniform(0, 10);
  EXPECT_EQ(refusal(edges), "no error");
}

TEST(PriorCheck, RejectsBoundsThatMakeNoSense) {
  EXPECT_EQ(refusal(half_space(uniform(3, 2))),
            "layers[0].resistivity.min: 3, allowed is below the max of 2");
  EXPECT_THAT(refusal(half_space(uniform(2, 2))), HasSubstr("below the max"));
  EXPECT_EQ(refusal(half_space(uniform(1, infinity))),
            "layers[0].resistivity.max: inf, allowed is a finite number");
  EXPECT_THAT(refusal(half_space(uniform(nan, 1))), HasSubstr("min: nan"));
  EXPECT_EQ(refusal(half_space(log_uniform(0, 1))),
            "layers[0].resistivity.min: 0, allowed is above 0");
  EXPECT_THAT(refusal(half_space({Kind::uniform, 0.0, 0.0, 1.0, {}})), HasSubstr("max: missing"));
  EXPECT_THAT(refusal(half_space(truncated(log_normal(1, 1), -1, 2))), HasSubstr("min: -1"));
}

TEST(PriorCheck, RejectsSpreadsAndCentresThatMakeNoSense) {
  const auto positive = [](Distribution distribution) { return truncated(distribution, 1, 1000); };
  EXPECT_EQ(refusal(half_space(positive(normal(10, 0)))),
            "layers[0].resistivity.standard_deviation: 0, allowed is a finite number above 0");
  EXPECT_THAT(refusal(half_space(positive(normal(10, -1)))), HasSubstr("standard_deviation: -1"));
  EXPECT_THAT(refusal(half_space(log_normal(10, nan))), HasSubstr("standard_deviation: nan"));
  EXPECT_THAT(refusal(half_space(positive(normal(nan, 1)))), HasSubstr("mean: nan"));
  EXPECT_EQ(refusal(half_space(log_normal(0, 1))),
            "layers[0].resistivity.median: 0, allowed is above 0");
}

TEST(PriorCheck, RejectsTruncationsThatLeaveNothing) {
  EXPECT_THAT(refusal(half_space(truncated(normal(10, 1), 100, 200))),
              StartsWith("layers[0].resistivity.min: 100, allowed is a bound that leaves some"));
  EXPECT_THAT(refusal(half_space(truncated(normal(1000, 1), 1, 2))),
              StartsWith("layers[0].resistivity.max: 2, allowed is a bound that leaves some"));
}

TEST(PriorCheck, RejectsResistivitiesThatMayNotBePositive) {
  EXPECT_EQ(refusal(half_space(fixed(-5))), "layers[0].resistivity: -5, allowed is above 0");
  EXPECT_EQ(refusal(half_space(fixed(nan))),
            "layers[0].resistivity.value: nan, allowed is a finite number");
  EXPECT_EQ(refusal(half_space(uniform(0, 1))), "layers[0].resistivity.min: 0, allowed is above 0");
  EXPECT_EQ(refusal(half_space(normal(100, 1))),
            "layers[0].resistivity.min: -inf, allowed is above 0");
}

TEST(PriorCheck, RejectsParametersOutsideTheirRange) {
  const auto with = [](auto member, const Distribution& distribution) {
    Prior prior = three_layers();
    prior.layers[1].*member = distribution;
    return refusal(prior);
  };
  EXPECT_EQ(with(&LayerPrior::thickness, uniform(-1, 1)),
            "layers[1].thickness.min: -1, allowed is above 0");
  EXPECT_EQ(with(&LayerPrior::chargeability, uniform(-0.1, 0.5)),
            "layers[1].chargeability.min: -0.1, allowed is 0 or above and below 1");
  EXPECT_THAT(with(&LayerPrior::chargeability, fixed(1)), HasSubstr("chargeability: 1,"));
  EXPECT_THAT(with(&LayerPrior::chargeability, log_normal(0.1, 1)), HasSubstr("max: inf"));
  EXPECT_THAT(with(&LayerPrior::time_constant, uniform(0, 1)), HasSubstr("time_constant.min: 0"));
  EXPECT_EQ(with(&LayerPrior::exponent, uniform(0.5, 1.1)),
            "layers[1].exponent.max: 1.1, allowed is above 0 and at most 1");
  EXPECT_THAT(with(&LayerPrior::exponent, uniform(0, 1)), HasSubstr("exponent.min: 0"));
  Prior prior = three_layers();
  prior.height = normal(30, 1);
  EXPECT_EQ(refusal(prior), "height.min: -inf, allowed is 0 or above");
}

TEST(PriorCheck, RejectsPartOfTheColeColeParameters) {
  Prior prior = three_layers();
  prior.layers[1].exponent.reset();
  EXPECT_THAT(refusal(prior), StartsWith("layers[1]: some of chargeability"));
}

TEST(PriorCheck, RejectsWrongNumbersOfLayers) {
  EXPECT_EQ(refusal(Prior{}), "layers: 0 layers, allowed is 1 to 200");
  Prior prior;
  prior.layers.assign(201, layer_of(fixed(1)));
  EXPECT_EQ(refusal(prior), "layers: 201 layers, allowed is 1 to 200");
}

TEST(PriorCheck, RejectsBoundariesThatAreMissingMixedOrTooMany) {
  Prior prior = three_layers();
  prior.layers[0].thickness.reset();
  EXPECT_EQ(refusal(prior),
            "layers[0].thickness: missing, allowed is a thickness in all layers but the last");
  prior = three_layers();
  prior.layers[2].thickness = fixed(1);
  EXPECT_EQ(refusal(prior),
            "layers[2].thickness: given, allowed is a thickness in all layers but the last");
  prior.layers[2].thickness.reset();
  prior.layers[2].depth = fixed(1);
  EXPECT_EQ(refusal(prior), "layers: thickness and depth are both given, allowed is one of them");
  prior = depth_prior();
  prior.layers[0].depth = fixed(1);
  EXPECT_THAT(refusal(prior), StartsWith("layers[0].depth: given"));
}

TEST(Sample, RefusesCountsThatNoMemoryCanHold) {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  const Prior prior{.layers = {LayerPrior{.resistivity = {.value = 100.0}}}};
  for (const std::int64_t count : {std::int64_t{-1}, largest, largest / 8 + 1}) {
    EXPECT_THROW(sample(prior, 1, 0, count), InputError) << count;
  }
  EXPECT_THROW(sample(prior, 1, -1, 1), InputError);
  EXPECT_THROW(sample(prior, 1, largest, 1), InputError);
  EXPECT_EQ(sample(prior, 1, largest - 1, 1).models, 1);
}

}  // namespace
