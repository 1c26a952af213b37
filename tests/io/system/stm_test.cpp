// Import of GA-AEM .stm files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "io/system/import_support.hpp"
#include "io/system/imports.hpp"
#include "stratem/io.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

using test::fixture;
using test::replaced;
using testing::Contains;
using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;

ImportOptions behind() {
  ImportOptions options;
  options.receiver = {-12.0, 0.5, 2.0};
  return options;
}

SystemFile read(const std::string& text, const ImportOptions& options = behind()) {
  return io::system_from_stm(text, "s.stm", options);
}

const std::string& half_cycle() {
  static const std::string text = fixture("half_cycle.stm");
  return text;
}

std::string refusal(const std::string& text, const ImportOptions& options = behind()) {
  return test::message_of([&] { read(text, options); });
}

std::string refusal_with(const std::string& from, const std::string& to) {
  return refusal(replaced(half_cycle(), from, to));
}

TEST(Stm, ReadsWaveformWindowsFiltersAndLoop) {
  const auto system = read(half_cycle()).system;
  EXPECT_EQ(system.name, "Small");
  ASSERT_EQ(system.moments.size(), 1u);
  const auto& moment = system.moments[0];
  EXPECT_EQ(std::get<Circle>(moment.transmitters[0].loop).radius, 6.5);
  EXPECT_EQ(moment.transmitters[0].turns, 1.0);
  EXPECT_EQ(moment.quantity, Quantity::dbdt);
  EXPECT_EQ(moment.base_frequency, 25.0);
  EXPECT_THAT(moment.waveform.times, ElementsAre(-0.01, -0.009, 0.0, 0.0001));
  EXPECT_THAT(moment.waveform.currents, ElementsAre(0.0, 2.0, 2.0, 0.0));
  ASSERT_EQ(moment.gates.size(), 3u);
  EXPECT_EQ(moment.gates[2].open, 0.0008);
  EXPECT_EQ(moment.gates[2].close, 0.0016);
  ASSERT_EQ(moment.low_pass.size(), 2u);
  EXPECT_EQ(moment.low_pass[1].cutoff, 450000.0);
  EXPECT_EQ(moment.low_pass[1].order, 2);
  EXPECT_FALSE(moment.low_pass[1].damping);
}

TEST(Stm, ScalesResponsesPerUnitMomentToTheOtherProgramsUnits) {
  const auto file = read(half_cycle());
  EXPECT_EQ(file.system.normalization, Normalization::moment);
  // ZOutputScaling x PeakCurrent x NumberOfTurns x LoopArea x the table's largest current.
  EXPECT_THAT(file.system.moments[0].scale, DoubleEq(1e13 * 50 * 2 * 10 * 2));
  EXPECT_THAT(file.notes, Contains(HasSubstr("Z: scale 2e+16 = ZOutputScaling x PeakCurrent")));
}

TEST(Stm, MakesAMomentOfEachComponentAskedFor) {
  auto options = behind();
  options.components = {Component::z, Component::x};
  const auto system = read(half_cycle(), options).system;
  ASSERT_EQ(system.moments.size(), 2u);
  EXPECT_EQ(system.moments[0].name, "Z");
  EXPECT_EQ(system.moments[1].name, "X");
  EXPECT_EQ(system.moments[1].receivers[0].component, Component::x);
  EXPECT_THAT(system.moments[1].scale, DoubleEq(1e12 * 50 * 2 * 10 * 2));
  options.components = {Component::y};
  EXPECT_THAT(refusal(half_cycle(), options), HasSubstr("YOutputScaling: 0, allowed is not 0"));
  options.components = {Component::z, Component::z};
  EXPECT_THAT(refusal(half_cycle(), options), HasSubstr("components: Z twice"));
  options.components = {};
  EXPECT_THAT(refusal(half_cycle(), options), HasSubstr("components: none"));
}

TEST(Stm, TakesItsGeometryFromTheCaller) {
  auto options = behind();
  auto system = read(half_cycle(), options).system;
  EXPECT_TRUE(system.height_from_models);
  EXPECT_EQ(system.moments[0].receivers[0].height, 2.0);
  EXPECT_THAT(system.moments[0].receivers[0].position, ElementsAre(-12.0, 0.5));
  options.transmitter_height = 30.0;
  system = read(half_cycle(), options).system;
  EXPECT_FALSE(system.height_from_models);
  EXPECT_EQ(system.moments[0].transmitters[0].height, 30.0);
  EXPECT_EQ(system.moments[0].receivers[0].height, 32.0);
}

/// Tempest's waveform and two of its windows. GA-AEM prints for this system at 110 m, its receiver
/// 115 m behind and 45 m below, over a half-space of 30 ohm-m: x 1.1004 and 0.04409, z -2.6107 and
/// -0.25483 fT.
System tempest(std::array<double, 3> receiver, const std::string& output = "B") {
  ImportOptions options;
  options.receiver = receiver;
  options.transmitter_height = 110.0;
  options.components = {Component::x, Component::y, Component::z};
  return read(replaced(fixture("tempest.stm"), "OutputType = B", "OutputType = " + output), options)
      .system;
}

TEST(Stm, HasTheSignsThatTheOtherProgramPrints) {
  const auto model = test::layered({30.0}, {});
  const auto b = test::reference_response(tempest({-115.0, 0.0, -45.0}), model);
  EXPECT_NEAR(b[0], 1.1004, 1e-4);
  EXPECT_NEAR(b[1], 0.04409, 1e-5);
  EXPECT_NEAR(b[4], -2.6107, 1e-4);
  EXPECT_NEAR(b[5], -0.25483, 1e-5);
}

TEST(Stm, HasAYThatIsTheXOfATurnedReceiver) {
  const auto model = test::layered({30.0}, {});
  for (const auto* output : {"B", "dB/dt"}) {
    const auto behind = test::reference_response(tempest({-115.0, 0.0, -45.0}, output), model);
    const auto right = test::reference_response(tempest({0.0, -115.0, -45.0}, output), model);
    for (const std::size_t window : {0u, 1u}) {
      EXPECT_DOUBLE_EQ(right[2 + window], behind[window]) << output;
      EXPECT_EQ(right[window], 0.0) << output;
      EXPECT_DOUBLE_EQ(right[4 + window], behind[4 + window]) << output;
    }
  }
}

TEST(Stm, HasADerivativeWithTheSignsThatTheOtherProgramPrints) {
  // dB/dt is minus the derivative of the field that GA-AEM prints.
  const auto model = test::layered({30.0}, {});
  auto system = tempest({-115.0, 20.0, -45.0}, "dB/dt");
  const auto dbdt = test::reference_response(system, model);
  for (auto& moment : system.moments) {
    moment.quantity = Quantity::b;
    moment.gates = {{0.00022, 0.00022}, {0.00034, 0.00034}};
  }
  const auto b = test::reference_response(system, model);
  for (const std::size_t component : {0u, 1u, 2u}) {
    const double mean = (b[2 * component] - b[2 * component + 1]) / (0.00034 - 0.00022);
    EXPECT_NEAR(dbdt[2 * component] / mean, 1.0, 1e-8) << component;
  }
}

TEST(Stm, IsThatOfAPublishedExampleOverAnAirborneLoop) {
  // GA-AEM's example of the 2009 Broken Hill survey publishes minus what it prints for dB/dt of the
  // high moment: 5.511e-10, 1.0657e-11 and 3.0349e-13 V/(A m^4) in windows 1, 9 and 15.
  ImportOptions options;
  options.receiver = {-12.62, 0.0, 2.16};
  options.transmitter_height = 30.0;
  const auto system = read(fixture("broken_hill.stm"), options).system;
  const auto response = test::reference_response(
      system, test::layered({100.0, 10.0, 1.0 / 0.03, 10.0, 1000.0}, {20.0, 11.0, 50.0, 30.0}));
  EXPECT_NEAR(response[0] / -5.511e-10, 1.0, 5e-3);
  EXPECT_NEAR(response[1] / -1.0657e-11, 1.0, 5e-3);
  EXPECT_NEAR(response[2] / -3.0349e-13, 1.0, 5e-3);
}

TEST(Stm, KeepsItsSignsInJson) {
  const auto system = tempest({-115.0, 0.0, -45.0});
  const auto again = system_from_json(to_json(system), "again");
  const auto model = test::layered({30.0}, {});
  EXPECT_EQ(test::reference_response(again, model), test::reference_response(system, model));
  EXPECT_THAT(read(half_cycle()).notes, Contains(HasSubstr("signs are those that GA-AEM prints")));
}

TEST(Stm, SaysWhichOptionGivesTheGeometryItLacks) {
  EXPECT_THAT(
      refusal(half_cycle(), ImportOptions()),
      testing::AllOf(HasSubstr("s.stm: a .stm file has no geometry"),
                     HasSubstr("--receiver dx,dy,dz"), HasSubstr("--transmitter-height H")));
}

TEST(Stm, KeepsTheHalfOfAWholePeriodThatCoversTheWindows) {
  const auto file = read(fixture("whole_period.stm"));
  const auto& moment = file.system.moments[0];
  EXPECT_TRUE(std::holds_alternative<Dipole>(moment.transmitters[0].loop));
  EXPECT_EQ(moment.quantity, Quantity::b);
  EXPECT_THAT(moment.waveform.times, ElementsAre(0.0, 0.0001, 0.0199, 0.02));
  EXPECT_THAT(moment.waveform.currents, ElementsAre(0.0, -1.0, -1.0, 0.0));
  EXPECT_THAT(moment.scale, DoubleEq(0.5e15));
  EXPECT_THAT(file.notes, Contains(HasSubstr("holds a whole period; the half from 0 s to 0.02 s")));
}

TEST(Stm, KeepsTheFirstHalfIfTheWindowsLieInIt) {
  auto text = fixture("whole_period.stm");
  const auto start = text.find("-0.02 ");
  const auto end = text.find("\t\tWaveFormCurrent End");
  text.replace(start, end - start,
               "0 0\n 0.0001 1\n 0.0199 1\n 0.02 0\n 0.0201 -1\n 0.0399 -1\n 0.04 0\n");
  const auto waveform = read(text).system.moments[0].waveform;
  EXPECT_THAT(waveform.times, ElementsAre(0.0, 0.0001, 0.0199, DoubleEq(0.02)));
  EXPECT_THAT(waveform.currents, ElementsAre(0.0, 1.0, 1.0, 0.0));
}

TEST(Stm, RefusesAWholePeriodWhoseHalvesAreNotOpposite) {
  EXPECT_THAT(refusal(replaced(fixture("whole_period.stm"), "-0.0001 1.0", "-0.0001 0.2")),
              HasSubstr("s.stm: WaveFormCurrent: the pulse before 0 s is not the opposite"));
}

TEST(Stm, NamesKeysThatOnlySteerTheOtherProgram) {
  EXPECT_THAT(read(half_cycle()).notes,
              Contains("read, not used: WaveformDigitisingFrequency, FrequenciesPerDecade, "
                       "NumberOfAbsiccaInHankelTransformEvaluation, SaveDiagnosticFiles"));
}

TEST(Stm, ShiftsWindowsByTimeShift) {
  const auto system =
      read(replaced(half_cycle(), "NumberOfWindows = 3", "NumberOfWindows = 3\nTimeShift = 1e-4"));
  EXPECT_DOUBLE_EQ(system.system.moments[0].gates[0].open, 0.0003);
}

TEST(Stm, RefusesWhatIsNotSupportedByName) {
  EXPECT_THAT(
      refusal_with("AreaUnderCurve", "LinearTaper"),
      HasSubstr("s.stm:22: Receiver.WindowWeightingScheme: \"LinearTaper\" is not supported"));
  EXPECT_THAT(refusal_with("=  none", "= ppm"),
              HasSubstr("SecondaryFieldNormalisation: \"ppm\" is not"));
  EXPECT_THAT(refusal_with("OutputType = dB/dt", "OutputType = H"),
              HasSubstr("allowed is dB/dt or B"));
  EXPECT_THAT(refusal_with("Type = Time Domain", "Type = Frequency Domain"),
              HasSubstr("Time Domain"));
  auto received = replaced(half_cycle(), "WaveFormCurrent Begin", "WaveFormReceived Begin");
  received = replaced(received, "WaveFormCurrent End", "WaveFormReceived End");
  EXPECT_THAT(refusal(received), HasSubstr("block \"WaveFormReceived\" is not supported"));
}

TEST(Stm, RefusesUnknownKeysAndBlocksWithTheirLine) {
  EXPECT_EQ(refusal_with("PeakCurrent ", "PeekCurrent "),
            "s.stm:7: unknown key \"PeekCurrent\" in Transmitter, did you mean \"PeakCurrent\"?");
  EXPECT_THAT(refusal_with("ForwardModelling End", "Extra Begin\nExtra End\nForwardModelling End"),
              HasSubstr("unknown block \"Extra\" in ForwardModelling"));
  EXPECT_THAT(refusal_with("NumberOfTurns = 2", "NumberOfTurns 2"),
              HasSubstr("s.stm:6: Transmitter: \"NumberOfTurns 2\", allowed is key = value"));
}

TEST(Stm, RefusesMissingKeysAndWrongCounts) {
  EXPECT_THAT(refusal_with("BaseFrequency = 25", ""),
              HasSubstr("key \"BaseFrequency\" is missing"));
  EXPECT_THAT(refusal_with("NumberOfWindows = 3", "NumberOfWindows = 4"),
              HasSubstr("NumberOfWindows: 4, allowed is 3"));
  EXPECT_THAT(refusal_with("= 1      2", "= 1"),
              HasSubstr("LowPassFilter.Order: 1 numbers, allowed is 2"));
  EXPECT_THAT(refusal_with("= 1      2", "= 1 0"),
              HasSubstr("LowPassFilter.Order: 0, allowed is 1"));
  EXPECT_THAT(refusal_with("0.0004 0.0008", "0.0004"),
              HasSubstr("WindowTimes: 1 numbers, allowed is 2"));
  EXPECT_THAT(refusal_with("0.0004 0.0008", "0.0004 x"), HasSubstr("s.stm:26: WindowTimes: \"x\""));
  EXPECT_THAT(refusal_with("PeakCurrent   = 50", "PeakCurrent = 0"),
              HasSubstr("PeakCurrent: 0, allowed"));
  EXPECT_THAT(refusal_with("NumberOfTurns = 2", "NumberOfTurns = 2\nNumberOfTurns = 2"),
              HasSubstr("is given twice"));
}

TEST(Stm, RefusesATruncatedFileWhereverItEnds) {
  const auto& text = half_cycle();
  for (std::size_t end = 0; end < text.rfind("End"); ++end) {
    EXPECT_NE(refusal(text.substr(0, end)), "no error") << text.substr(0, end);
  }
  EXPECT_THAT(refusal(text.substr(0, text.find("0.0004 0.0008"))),
              HasSubstr("s.stm:24: block \"WindowTimes\" has no end"));
}

TEST(Stm, RefusesBlocksThatEndInTheWrongOrder) {
  EXPECT_THAT(refusal_with("LowPassFilter End", "Receiver End"),
              HasSubstr("\"Receiver\" End, allowed is the end of \"LowPassFilter\""));
}

TEST(Stm, ReadsKeysInAnyCase) {
  EXPECT_EQ(to_json(read(replaced(half_cycle(), "PeakCurrent", "PEAKCURRENT")).system),
            to_json(read(half_cycle()).system));
}

}  // namespace
}  // namespace stratem
