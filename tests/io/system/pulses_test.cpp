// Waveform tables of other programs: the pulse that is kept, and whether its response equals that
// of all pulses written out one by one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "io/system/import_support.hpp"
#include "io/system/imports.hpp"
#include "io/system/last_pulse.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

using test::fixture;
using test::replaced;
using testing::DoubleEq;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pointwise;

constexpr double half = 5e-4;
constexpr double frequency = 1000.0;

/// One point of a table: time in s, current.
using Point = std::array<double, 2>;
using Points = std::vector<Point>;

Points shifted(Points points, double time, double factor) {
  for (auto& [t, i] : points) {
    t += time;
    i *= factor;
  }
  return points;
}

Points joined(Points a, const Points& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Waveform table_of(const Points& points) {
  Waveform waveform;
  for (const auto& [time, current] : points) {
    waveform.times.push_back(time);
    waveform.currents.push_back(current);
  }
  return waveform;
}

io::LastPulse last_pulse(const Points& points, double first_gate = 1e-5) {
  return io::last_pulse(table_of(points), frequency, first_gate, "table");
}

std::string refusal(const Points& points) {
  return test::message_of([&] { last_pulse(points); });
}

/// Pulses written out one by one: the one listed, those before it, each half a period earlier with
/// the opposite sign, and the one after it. Without a base frequency; jumps take a picosecond.
Waveform written_out(const Points& pulse) {
  constexpr int pulses = 600;
  constexpr double jump = 1e-12;
  Waveform all;
  const auto add = [&all](double time, double current) {
    if (!all.times.empty() && time <= all.times.back()) time = all.times.back() + jump;
    all.times.push_back(time);
    all.currents.push_back(current);
  };
  for (int k = pulses - 1; k >= -1; --k) {
    const double sign = k % 2 == 0 ? 1.0 : -1.0;
    const double shift = -k * half;
    add(pulse.front()[0] + shift - jump, 0.0);
    for (const auto& [time, current] : pulse) add(time + shift, sign * current);
    add(pulse.back()[0] + shift + jump, 0.0);
  }
  return all;
}

std::string gex_with(const Points& points) {
  const std::string text = fixture("rounded_spacing.gex");
  const auto begin = text.find("WaveformHMPoint01");
  std::string lines;
  for (std::size_t i = 0; i < points.size(); ++i) {
    char line[100];
    std::snprintf(line, sizeof line, "WaveformHMPoint%zu=%.17g %.17g\n", i + 1, points[i][0],
                  points[i][1]);
    lines += line;
  }
  return text.substr(0, begin) + lines + text.substr(text.find("GateTime01"));
}

System gex_system(const std::string& text) {
  ImportOptions options;
  options.transmitter_height = 0.5;
  return io::system_from_gex(text, "s.gex", options).system;
}

std::string stm_with(const Points& points) {
  std::string text = fixture("half_cycle.stm");
  text = replaced(text, "BaseFrequency = 25", "BaseFrequency = 1000");
  text = replaced(text, "NumberOfWindows = 3", "NumberOfWindows = 2");
  text = replaced(text, "0.0002 0.0004\n", "0.00008 0.00012\n");
  text = replaced(text, "0.0004 0.0008\n", "0.00019 0.00025\n");
  text = replaced(text, "0.0008 0.0016\n", "\n");
  const auto begin = text.find("-0.010");
  const auto end = text.find("WaveFormCurrent End");
  std::string lines;
  for (const auto& [time, current] : points) {
    char line[100];
    std::snprintf(line, sizeof line, "%.17g %.17g\n", time, current);
    lines += line;
  }
  return text.substr(0, begin) + lines + text.substr(end);
}

System stm_system(const std::string& text) {
  ImportOptions options;
  options.receiver = {-12.0, 0.0, 2.0};
  options.transmitter_height = 30.0;
  return io::system_from_stm(text, "s.stm", options).system;
}

/// Largest relative difference between a system's response over a half-space of 30 ohm-m and that
/// of its pulses written out.
double difference_from(const System& system, const Points& pulse) {
  const auto model = test::layered({30.0}, {});
  const auto response = test::reference_response(system, model);
  System written = system;
  written.moments[0].waveform = written_out(pulse);
  written.moments[0].base_frequency.reset();
  return test::worst_relative(response, test::reference_response(written, model));
}

const Points ramped{{-2e-4, 0}, {-1.81e-4, 1}, {0, 1}, {4e-6, 0}};

TEST(ImportedPulses, AGexFileOfRoundedSpacingHasTheResponseOfAnotherProgram) {
  const auto system = gex_system(fixture("rounded_spacing.gex"));
  EXPECT_THAT(system.moments[0].waveform.times, ElementsAre(-2e-4, -1.81e-4, 0, 4e-6));
  EXPECT_THAT(system.moments[0].waveform.currents, ElementsAre(0, 1, 1, 0));
  const auto response = test::reference_response(system, test::layered({30.0}, {}));
  EXPECT_LT(test::worst_relative(response, {2.24033e-8, 9.7294e-10, 1.07950e-10}), 1e-5);
}

TEST(ImportedPulses, NothingOfThePreviousPulseStaysWhateverTheSpacing) {
  for (const double error : {-4e-6, -2e-6, -1e-6, -1e-7, 0.0, 1e-7, 1e-6, 2e-6, 4e-6}) {
    // A tail that also ends the previous pulse.
    for (const Points& pulse :
         {ramped, Points{{-1.2e-5, 0}, {-8e-6, 1}, {0, 1}, {4e-6, 0}},
          Points{{-2e-4, 0}, {-1.9e-4, 1}, {0, 1}, {4e-6, 0.1}, {9e-6, 0.02}, {2e-5, 0}}}) {
      const Points both = joined(shifted(pulse, -half - error, -1.0), pulse);
      const auto system = gex_system(gex_with(both));
      EXPECT_EQ(system.moments[0].waveform.times, table_of(pulse).times) << error;
      EXPECT_EQ(system.moments[0].waveform.currents, table_of(pulse).currents) << error;
      EXPECT_LT(difference_from(system, pulse), 1e-5) << error;
      EXPECT_LT(difference_from(stm_system(stm_with(both)), pulse), 1e-5) << error;
    }
  }
}

TEST(ImportedPulses, ThatFollowEachOtherWithoutAPauseAreDividedWhereTheSignChanges) {
  // The current passes through 0 at -0.499 ms, on the way from -1 to 1.
  const auto pulse = last_pulse({{-9.9e-4, -1}, {-5e-4, -1}, {-4.98e-4, 1}, {0, 1}, {1e-6, 0}});
  EXPECT_TRUE(pulse.was_reduced);
  EXPECT_THAT(pulse.waveform.times, ElementsAre(DoubleNear(-4.99e-4, 1e-16), -4.98e-4, 0.0, 1e-6));
  EXPECT_THAT(pulse.waveform.currents, ElementsAre(0.0, 1.0, 1.0, 0.0));
}

TEST(ImportedPulses, AreAtMostHalfAPeriodLong) {
  // 0.5005 ms: its first 0.5 us lie under the pulse before it.
  const Points pulse{{-4.995e-4, 0}, {-4.5e-4, 1}, {0, 1}, {1e-6, 0}};
  const auto kept = last_pulse(joined(shifted(pulse, -5.01e-4, -1), pulse)).waveform;
  EXPECT_THAT(kept.times, ElementsAre(DoubleNear(-4.99e-4, 1e-16), -4.5e-4, 0.0, 1e-6));
  EXPECT_NEAR(kept.currents[0], 0.5 / 49.5, 1e-9);
  EXPECT_LT(difference_from(gex_system(gex_with(joined(shifted(pulse, -5.01e-4, -1), pulse))),
                            {{-4.99e-4, 0.5 / 49.5}, {-4.5e-4, 1}, {0, 1}, {1e-6, 0}}),
            1e-5);
  // A pulse of rounded numbers, without the pulse before it.
  EXPECT_THAT(last_pulse({{-5.00001e-4, 1}, {0, 1}}).waveform.times, ElementsAre(-5e-4, 0.0));
  EXPECT_THAT(
      refusal({{-5.01e-4, 1}, {0, 1}}),
      HasSubstr("table: points over 0.000501 s, allowed is at most half a period of the base "
                "frequency, 5e-04 s, or two pulses of opposite sign"));
}

TEST(ImportedPulses, KeepACurrentTheyBeginOrEndWith) {
  const std::vector<Points> pulses{{{-2e-4, 1}, {0, 1}, {1e-5, 0}},
                                   {{-2e-4, 0}, {-1.8e-4, 1}, {0, 1}},
                                   {{-2e-4, 1}, {0, 1}},
                                   {{-2e-4, 0.4}, {-1e-4, 1}, {0, 0.7}},
                                   {{-2e-4, -0.4}, {-1e-4, 1}, {0, 0.4}},
                                   {{-5e-4, 1}, {0, 1}},
                                   {{-5e-4, -1}, {0, 1}},
                                   {{-5e-4, 1}, {-1e-4, 1}, {1e-12, 0}},
                                   {{-5e-4, 0}, {-1e-4, 1}, {0, 1}},
                                   {{-5e-4, 0}, {-3e-4, 0}, {-2.8e-4, 1}, {0, 1}}};
  for (const auto& pulse : pulses) {
    EXPECT_LT(difference_from(gex_system(gex_with(pulse)), pulse), 1e-5) << pulse[0][1];
    EXPECT_LT(difference_from(stm_system(stm_with(pulse)), pulse), 1e-5) << pulse[0][1];
  }
}

TEST(ImportedPulses, DropPointsWithoutCurrentOnly) {
  EXPECT_THAT(last_pulse({{-2e-4, 1}, {-1e-4, 1}, {0, 1}, {1e-5, 0}, {1e-4, 0}}).waveform.times,
              ElementsAre(-2e-4, -1e-4, 0, 1e-5));
  EXPECT_THAT(last_pulse({{-3e-4, 0}, {-2e-4, 0}, {-1e-4, 1}, {0, 1}}).waveform.times,
              ElementsAre(-2e-4, -1e-4, 0));
}

TEST(ImportedPulses, OfAWholePeriodThatBeginsAnywhereAreItsHalves) {
  // On for 0.25 ms in each half period; the table begins and ends while the current is on.
  const Points later{{-2.5e-4, -0.6}, {-1.5e-4, -1}, {-1.4e-4, 0},
                     {9e-5, 0},       {1e-4, 0.2},   {2.5e-4, 0.6}};
  Points period = shifted(later, -half, -1);
  period.pop_back();  // where the halves meet
  period = joined(period, later);
  const auto kept = last_pulse(period, 3e-4).waveform;
  EXPECT_THAT(kept.times, Pointwise(DoubleNear(1e-16), table_of(later).times));
  EXPECT_THAT(kept.currents, Pointwise(DoubleNear(1e-12), table_of(later).currents));
  EXPECT_LT(difference_from(gex_system(gex_with(period)), later), 1e-5);
  EXPECT_LT(difference_from(stm_system(stm_with(period)), later), 1e-5);
}

TEST(ImportedPulses, OfAWholePeriodThatIsRoundedAreItsHalvesToo) {
  Points period{{-5e-4, -0.6}, {-4e-4, -1}, {-3.9e-4, 0}, {-2e-4, 0},     {-1.9e-4, 0.2}, {0, 0.6},
                {1e-4, 1},     {1.1e-4, 0}, {3e-4, 0},    {3.1e-4, -0.2}, {5e-4, -0.6}};
  EXPECT_EQ(last_pulse(period, 3e-4).waveform.times.size(), 6U);
  period[1][1] = -0.9999;
  EXPECT_EQ(last_pulse(period, 3e-4).waveform.times.size(), 6U);
  period[1][1] = -0.5;
  EXPECT_THAT(refusal(period), HasSubstr("or two pulses of opposite sign"));
}

TEST(ImportedPulses, OfAWholePeriodThatBeginsShortlyBeforeAPulseLoseNothing) {
  // The current is never 0 for any time, and the table begins 2 us before it changes its sign.
  const Points later{{-5e-4, -0.04}, {-4.98e-4, 0}, {-4.48e-4, 1}, {-5e-5, 1}, {0, 0.04}};
  Points period = shifted(later, -half, -1);
  period.pop_back();
  period = joined(period, later);
  EXPECT_EQ(last_pulse(period).waveform.times.size(), 5U);
  EXPECT_LT(difference_from(gex_system(gex_with(period)), later), 1e-5);
}

TEST(ImportedPulses, ThatAreNotAlikeAreRefused) {
  const Points other{{-7e-4, 0}, {-6.8e-4, -1}, {-6e-4, -1}, {-5.9e-4, 0}};
  EXPECT_THAT(
      refusal(joined(other, ramped)),
      HasSubstr("table: the pulse before -2e-04 s is not the opposite of the one after it"));
  // A table that ends in the middle of its last pulse.
  Points cut = joined(shifted(ramped, -half, -1), {{-2e-4, 0}, {-1.81e-4, 1}, {-8e-6, 1}});
  EXPECT_THAT(refusal(cut), HasSubstr("allowed is a difference of 1 %"));
  EXPECT_THAT(refusal({{-1.2e-3, 0}, {-1e-3, 1}, {0, 0}}), HasSubstr("at most one period"));
  EXPECT_THAT(refusal({{-6e-4, 0}, {-3e-4, 1}, {0, 0}}),
              HasSubstr("or two pulses of opposite sign"));
}

}  // namespace
}  // namespace stratem
