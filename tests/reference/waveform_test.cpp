// Compares waveforms, base frequency, filters and gates with sums and integrals of simpler
// responses.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

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
      // Integrated over log time, in which the response is smooth.
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

/// A pulse that is repeated with alternating sign after each half period, and begins or ends with a
/// current that is not 0.
struct Train {
  const char* name;
  Waveform pulse;
  double half_period = 1e-2;
};

const std::vector<Train>& trains_with_jumps() {
  static const std::vector<Train> trains{
      {"begins with its current", {{-4e-3, 0.0, 1e-5}, {1.0, 1.0, 0.0}}},
      {"ends with its current", {{-4e-3, -3.9e-3, 0.0}, {0.0, 1.0, 1.0}}},
      {"a rectangle", {{-4e-3, 0.0}, {2.0, 2.0}}},
      {"different ends", {{-4e-3, -1e-3, 0.0}, {0.3, 1.0, 0.6}}},
      {"opposite ends", {{-4e-3, -1e-3, 0.0}, {-1.0, 0.5, 1.0}}},
      {"filled, equal ends", {{-1e-2, 0.0}, {1.0, 1.0}}},
      {"filled, opposite ends", {{-1e-2, 0.0}, {-1.0, 1.0}}},
      {"filled, begins with its current", {{-1e-2, -2e-3, 0.0}, {1.0, 1.0, 0.0}}},
      {"filled, ends with its current", {{-1e-2, -8e-3, 0.0}, {0.0, 1.0, 1.0}}},
      {"filled to rounding", {{-0.00225, 0.0}, {1.0, 0.5}}, 0.5 / 222.222222},
      {"on in the gates", {{0.0, 4e-3}, {1.0, 0.5}}},
      {"after the gates", {{6e-3, 9e-3}, {1.0, 0.5}}},
      {"long ago", {{-0.123, -0.12}, {1.0, 0.5}}}};
  return trains;
}

/// The response at times after a current that is constant before and after a waveform.
std::vector<double> single_response(System system, const ModelSet& model, Waveform waveform,
                                    const std::vector<double>& times) {
  auto& moment = system.moments[0];
  double begin = 0.0;
  double peak = 1.0;
  if (!waveform.is_step_off()) {
    begin = waveform.times.front();
    for (auto& time : waveform.times) time -= begin;
    peak = 0.0;
    for (const double current : waveform.currents) peak = std::max(peak, std::abs(current));
  }
  moment.waveform = std::move(waveform);
  moment.gates.clear();
  for (const double time : times) {
    if (time > begin) moment.gates.push_back({time - begin, time - begin});
  }
  const auto after = test::reference_response(system, model);
  std::vector<double> response;
  response.reserve(times.size());
  std::size_t next = 0;
  for (const double time : times) response.push_back(time > begin ? peak * after[next++] : 0.0);
  return response;
}

/// The response to a train. Each pulse is its waveform with constant current outside, plus steps
/// that remove this constant current. No base frequency is used here.
std::vector<double> train_response(const System& system, const ModelSet& model, const Train& train,
                                   const std::vector<double>& times) {
  constexpr int pulses = 400;
  const auto& pulse = train.pulse;
  const auto last = static_cast<int>(std::floor(-pulse.times.front() / train.half_period)) + 1;
  std::vector<double> lags;
  std::vector<double> since_begin;
  std::vector<double> since_end;
  for (const double time : times) {
    for (int k = 0; k < pulses; ++k) {
      lags.push_back(time - (last - k) * train.half_period);
      since_begin.push_back(lags.back() - pulse.times.front());
      since_end.push_back(lags.back() - pulse.times.back());
    }
  }
  const bool constant = pulse.times.size() == 2 && pulse.currents[0] == pulse.currents[1];
  const auto held =
      constant ? std::vector<double>(lags.size()) : single_response(system, model, pulse, lags);
  const auto begin = single_response(system, model, {}, since_begin);
  const auto end = single_response(system, model, {}, since_end);
  std::vector<double> sums;
  for (std::size_t t = 0; t < times.size(); ++t) {
    double sum = 0.0;
    for (int k = pulses - 1; k >= 0; --k) {
      const std::size_t i = t * pulses + static_cast<std::size_t>(k);
      // The last term counts half: what follows it cancels to higher order.
      const double weight = ((last - k) % 2 == 0 ? 1.0 : -1.0) * (k == pulses - 1 ? 0.5 : 1.0);
      sum +=
          weight * (held[i] - pulse.currents.front() * begin[i] + pulse.currents.back() * end[i]);
    }
    sums.push_back(sum);
  }
  return sums;
}

TEST_F(WaveformResponse, TrainCountsTheJumpsAtTheEndsOfItsPulses) {
  const std::vector<double> times{1.1e-4, 1e-3, 2.1e-3};
  for (const Quantity quantity : {Quantity::dbdt, Quantity::b}) {
    for (const auto& train : trains_with_jumps()) {
      moment_.quantity = quantity;
      moment_.waveform = {};
      moment_.base_frequency.reset();
      auto expected = train_response(system_, model_, train, times);
      double peak = 0.0;
      for (const double i : train.pulse.currents) peak = std::max(peak, std::abs(i));
      for (double& value : expected) value /= peak;
      moment_.waveform = train.pulse;
      moment_.base_frequency = 0.5 / train.half_period;
      const std::vector<Gate> gates{
          {times[0], times[0]}, {times[1], times[1]}, {times[2], times[2]}};
      EXPECT_LT(test::worst_relative(response(gates), expected), 1e-7) << train.name;
    }
  }
}

TEST_F(WaveformResponse, GatesThatAJumpLiesInAreMeans) {
  // The integral of -dB/dt is the change of B, including the contribution of a jump.
  const std::vector<Gate> gates{{1e-3, 3e-3}, {3e-3, 5e-3}, {5e-3, 7e-3}, {7e-3, 9e-3}};
  for (const Waveform& pulse :
       {Waveform{{-4e-3, 4e-3}, {1.0, 0.7}}, Waveform{{-2e-3, 8e-3}, {1, 1}}}) {
    moment_.waveform = pulse;
    moment_.base_frequency = 50.0;
    moment_.quantity = Quantity::dbdt;
    const auto dbdt = response(gates);
    moment_.quantity = Quantity::b;
    std::vector<Gate> ends{{1e-3, 1e-3}};
    for (const auto& gate : gates) ends.push_back({gate.close, gate.close});
    const auto b = response(ends);
    for (std::size_t g = 0; g < gates.size(); ++g) {
      const double change = b[g] - b[g + 1];
      EXPECT_NEAR(dbdt[g] * (gates[g].close - gates[g].open) / change, 1.0, 1e-8) << g;
    }
  }
}

TEST_F(WaveformResponse, AGateThatEndsWithAJumpDoesNotSeeIt) {
  for (const double frequency : {50.0, 222.22222222222223, 1.0 / 0.3}) {
    const double half = 0.5 / frequency;
    moment_.waveform = {{0.0, half}, {1.0, 1.0}};
    moment_.base_frequency = frequency;
    const double ends_with_it = response({{0.9 * half, half}})[0];
    const double ends_before_it = response({{0.9 * half, (1.0 - 1e-6) * half}})[0];
    EXPECT_NEAR(ends_with_it / ends_before_it, 1.0, 1e-5) << frequency;
  }
}

TEST_F(WaveformResponse, AGateThatEndsWithAJumpDoesNotSeeItWhateverTheRounding) {
  const double half = 0.5 / 222.22222222222223;
  moment_.base_frequency = 222.22222222222223;
  for (const double end : {1.1e-4, 1.3e-4, 1.7e-4, 2.3e-4, 3.1e-4}) {
    for (const int n : {0, 1, 2, 3, 7}) {
      moment_.waveform = {{end - 1e-3 - n * half, end - n * half}, {1.0, 1.0}};
      const double ends_with_it = response({{5e-5, end}})[0];
      const double ends_before_it = response({{5e-5, (1.0 - 1e-5) * end}})[0];
      EXPECT_NEAR(ends_with_it / ends_before_it, 1.0, 1e-4) << end << " " << n;
    }
  }
}

TEST_F(WaveformResponse, AnyPulseOfATrainStandsForIt) {
  const double half = 1e-2;
  const auto gates = test::log_times(1e-4, 9e-3, 6);
  for (const Quantity quantity : {Quantity::dbdt, Quantity::b}) {
    moment_.quantity = quantity;
    moment_.base_frequency = 0.5 / half;
    moment_.waveform = {{-7e-3, -6.9e-3, 0.0, 1e-5}, {0.0, 1.0, 1.0, 0.0}};
    const auto last = response(gates);  // the next pulse begins at 3 ms
    for (const int n : {-3, -2, -1, 1, 2}) {
      moment_.waveform = {{-7e-3, -6.9e-3, 0.0, 1e-5}, {0.0, 1.0, 1.0, 0.0}};
      for (auto& time : moment_.waveform.times) time += n * half;
      for (auto& current : moment_.waveform.currents) current *= n % 2 == 0 ? 1.0 : -1.0;
      EXPECT_LT(test::worst_relative(response(gates), last), 1e-8) << n;
    }
  }
}

TEST_F(WaveformResponse, HoldsTheCurrentBeyondTheEndsOfASinglePulse) {
  const auto gates = test::log_times(1e-5, 1e-2, 5);
  moment_.waveform = {{-1e-3, -1e-4, 0.0}, {0.4, 1.0, 0.3}};
  const auto held = response(gates);
  moment_.waveform = {{-1e3, -1e-3, -1e-4, 0.0, 1e3}, {0.4, 0.4, 1.0, 0.3, 0.3}};
  EXPECT_LT(test::worst_relative(response(gates), held), 1e-12);
}

/// Numbers from a separate program: Talbot inversion of the half-space's transform, two thousand
/// pulses summed one by one.
TEST(Train, OfPulsesThatBeginWithTheFullCurrentIsThatOfAnotherProgram) {
  System system = test::central_loop({});
  auto& moment = system.moments[0];
  moment.transmitters[0].loop = Circle{20.0};
  moment.transmitters[0].height = 30.0;
  moment.receivers[0].height = 30.0;
  moment.waveform = {{-0.01, 0.0, 1e-5}, {1.0, 1.0, 0.0}};
  moment.base_frequency = 25.0;
  moment.gates = {{1e-4, 1e-4}, {1e-3, 1e-3}, {5e-3, 5e-3}, {9e-3, 9e-3}};
  const auto response = test::reference_response(system, test::layered({30.0}, {}));
  EXPECT_LT(
      test::worst_relative(response, {3.8839001e-07, 2.5506309e-09, 5.2500152e-11, 1.1182671e-11}),
      1e-6);
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
