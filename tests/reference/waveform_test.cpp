// Waveforms, base frequency, filters and gates against sums and integrals of simpler responses.
#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "support/systems.hpp"

namespace stratem {
namespace {

using boost::math::quadrature::gauss_kronrod;

class WaveformResponse : public testing::Test {
 protected:
  System system_ = test::central_loop({});
  Moment& moment_ = system_.moments[0];
  ModelSet model_ = test::layered({100.0, 10.0, 50.0}, {30.0, 70.0});

  std::vector<double> response(std::vector<Gate> gates) {
    moment_.gates = std::move(gates);
    return test::reference_response(system_, model_);
  }
  double at(double time) { return response({{time, time}})[0]; }
};

TEST_F(WaveformResponse, GateIsTheMeanOverIt) {
  for (const Quantity quantity : {Quantity::dbdt, Quantity::b}) {
    moment_.quantity = quantity;
    for (const Gate gate : {Gate{1e-5, 1.1e-5}, Gate{2e-5, 9e-5}, Gate{1e-5, 1e-2}}) {
      // Integrated over log time, where the response is smooth.
      const double mean = gauss_kronrod<double, 61>::integrate(
                              [&](double x) { return std::exp(x) * at(std::exp(x)); },
                              std::log(gate.open), std::log(gate.close), 6, 1e-10) /
                          (gate.close - gate.open);
      EXPECT_NEAR(response({gate})[0] / mean, 1.0, 1e-8);
    }
  }
}

TEST_F(WaveformResponse, DerivativeIntegratesToTheFieldAlsoInTheOnTime) {
  moment_.waveform = {{-2e-3, -1e-3, -1e-5, 0.0, 2e-4, 9e-4}, {0.0, 1.0, 1.0, -0.2, 0.4, 0.4}};
  const std::vector<Gate> gates{{1e-6, 5e-6}, {5e-6, 3e-4}, {3e-4, 1e-3}, {1e-3, 2e-3}};
  const auto dbdt = response(gates);
  moment_.quantity = Quantity::b;
  const auto b = response({{1e-6, 1e-6}, {5e-6, 5e-6}, {3e-4, 3e-4}, {1e-3, 1e-3}, {2e-3, 2e-3}});
  for (std::size_t g = 0; g < gates.size(); ++g) {
    const double change = b[g] - b[g + 1];
    EXPECT_NEAR(dbdt[g] * (gates[g].close - gates[g].open) / change, 1.0, 1e-8) << g;
  }
}

TEST_F(WaveformResponse, GatesOfTheFieldInTheOnTimeAreMeans) {
  moment_.quantity = Quantity::b;
  moment_.waveform = {{-2e-3, 1e-5, 4e-4}, {0.0, 1.0, 0.0}};
  const Gate gate{5e-5, 3e-4};  // within a ramp, smooth
  const double mean = gauss_kronrod<double, 31>::integrate([&](double t) { return at(t); },
                                                           gate.open, gate.close, 6, 1e-10) /
                      (gate.close - gate.open);
  EXPECT_NEAR(response({gate})[0] / mean, 1.0, 1e-8);
}

TEST_F(WaveformResponse, RampIsTheMeanOfSteps) {
  const double ramp = 6e-6;
  const double time = 1.3e-5;
  moment_.waveform = {{-ramp, 0.0}, {1.0, 0.0}};
  const double ramped = at(time);
  moment_.waveform = {};
  const double mean = gauss_kronrod<double, 31>::integrate([&](double u) { return at(time + u); },
                                                           0.0, ramp, 6, 1e-10) /
                      ramp;
  EXPECT_NEAR(ramped / mean, 1.0, 1e-9);
}

TEST_F(WaveformResponse, PeakCurrentDoesNotMatter) {
  moment_.waveform = {{-1e-3, -5e-4, 0.0}, {0.0, 1.0, 0.0}};
  const double unit = at(2e-5);
  for (auto& current : moment_.waveform.currents) current *= 118.0;
  EXPECT_NEAR(at(2e-5) / unit, 1.0, 1e-13);
}

TEST_F(WaveformResponse, PointsOnALineChangeNothing) {
  moment_.waveform = {{-1e-3, -5e-4, 0.0}, {0.0, 1.0, 0.0}};
  const auto gates = test::log_times(1e-6, 1e-2, 9);
  const auto few = response(gates);
  Waveform many;
  for (int i = 0; i <= 400; ++i) {
    many.times.push_back(-1e-3 + 2.5e-6 * i);
    many.currents.push_back(i <= 200 ? i / 200.0 : (400 - i) / 200.0);
  }
  many.times.back() = 0.0;
  moment_.waveform = many;
  EXPECT_LT(test::worst_relative(response(gates), few), 1e-8);
}

TEST_F(WaveformResponse, BaseFrequencyIsAnAlternatingSumForEver) {
  const double half_period = 2e-3;
  const double time = 1e-3;
  for (const Quantity quantity : {Quantity::dbdt, Quantity::b}) {
    moment_.quantity = quantity;
    moment_.base_frequency.reset();
    std::vector<Gate> gates;
    for (int k = 0; k < 4000; ++k)
      gates.push_back({time + k * half_period, time + k * half_period});
    const auto single = response(gates);
    double sum = 0.0;
    for (int k = 3999; k >= 0; --k) {
      // The last term counts half: what follows it cancels to higher order.
      sum +=
          (k % 2 == 0 ? 1.0 : -1.0) * (k == 3999 ? 0.5 : 1.0) * single[static_cast<std::size_t>(k)];
    }
    moment_.base_frequency = 0.5 / half_period;
    EXPECT_NEAR(at(time) / sum, 1.0, 1e-6);
  }
}

/// Impulse response of a coil 1/(1 + 2 zeta s/w + (s/w)^2).
double coil_impulse(double zeta, double w, double t) {
  if (zeta < 1.0) {
    const double root = std::sqrt(1.0 - zeta * zeta);
    return w / root * std::exp(-zeta * w * t) * std::sin(w * root * t);
  }
  if (zeta == 1.0) return w * w * t * std::exp(-w * t);
  const double root = std::sqrt(zeta * zeta - 1.0);
  return w / (2.0 * root) * (std::exp(-(zeta - root) * w * t) - std::exp(-(zeta + root) * w * t));
}

TEST_F(WaveformResponse, DampedCoilIsAConvolution) {
  // The field right after the step is finite: B(0+) of the secondary field, then a smooth decay.
  moment_.quantity = Quantity::b;
  const double cutoff = 3e4;
  const double w = 2.0 * std::numbers::pi * cutoff;
  for (const double zeta : {0.1, 0.3, 0.7, 0.99, 1.0, 2.0}) {
    for (const double time : {1e-6, 1e-5, 1e-4}) {
      moment_.low_pass.clear();
      // Log-spaced in the lag of the field, which changes fast near 0.
      const double convolved = gauss_kronrod<double, 61>::integrate(
          [&](double x) {
            const double lag = time * std::exp(x);
            return lag * coil_impulse(zeta, w, time - lag) * at(lag);
          },
          -22.0, 0.0, 8, 1e-9);
      moment_.low_pass = {{cutoff, 2, zeta}};
      const double filtered = at(time);
      moment_.low_pass.clear();
      EXPECT_NEAR(filtered, convolved, 1e-6 * std::max(std::abs(filtered), 1e-3 * at(time)))
          << zeta << " " << time;
    }
  }
}

TEST_F(WaveformResponse, CascadeOfSixteenFiltersIsAConvolution) {
  moment_.quantity = Quantity::b;
  const double cutoff = 2e5;
  const double w = 2.0 * std::numbers::pi * cutoff;
  const double time = 3e-5;
  const double convolved = gauss_kronrod<double, 61>::integrate(
      [&](double x) {
        const double lag = time * std::exp(x);
        const double t = time - lag;
        return lag * w * std::pow(w * t, 15) / std::tgamma(16.0) * std::exp(-w * t) * at(lag);
      },
      -22.0, 0.0, 8, 1e-10);
  moment_.low_pass = {{cutoff, 16, {}}};
  EXPECT_NEAR(at(time) / convolved, 1.0, 1e-7);
}

TEST_F(WaveformResponse, TwoEqualCoilsAreOneAfterTheOther) {
  moment_.quantity = Quantity::b;
  const double time = 2e-5;
  moment_.low_pass = {{1e5, 2, 0.6}, {1e5, 2, 0.6}};
  const double both = at(time);
  moment_.low_pass = {{1e5, 2, 0.6}, {1.0001e5, 2, 0.6}};
  const double above = at(time);
  moment_.low_pass = {{1e5, 2, 0.6}, {0.9999e5, 2, 0.6}};
  EXPECT_NEAR(both / (0.5 * (above + at(time))), 1.0, 1e-6);
}

}  // namespace
}  // namespace stratem
