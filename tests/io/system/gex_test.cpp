// Import of Aarhus Workbench .gex files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "io/system/import_support.hpp"
#include "io/system/imports.hpp"

namespace stratem {
namespace {

using test::fixture;
using test::replaced;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string& file() {
  static const std::string text = fixture("two_moments.gex");
  return text;
}

SystemFile read(const std::string& text, const ImportOptions& options = {}) {
  return io::system_from_gex(text, "s.gex", options);
}

std::string refusal(const std::string& text, const ImportOptions& options = {}) {
  return test::message_of([&] { read(text, options); });
}

std::string refusal_with(const std::string& from, const std::string& to) {
  return refusal(replaced(file(), from, to));
}

TEST(Gex, ReadsBothMoments) {
  const auto system = read(file()).system;
  EXPECT_EQ(system.name, "Two moments");
  EXPECT_EQ(system.normalization, Normalization::moment);
  ASSERT_EQ(system.moments.size(), 2u);
  EXPECT_EQ(system.moments[0].name, "LM");
  EXPECT_EQ(system.moments[1].name, "HM");
  EXPECT_EQ(system.moments[0].transmitters[0].turns, 1.0);
  EXPECT_EQ(system.moments[1].transmitters[0].turns, 4.0);
  EXPECT_EQ(system.moments[0].base_frequency, 200.0);
  EXPECT_EQ(system.moments[1].base_frequency, 25.0);
  EXPECT_EQ(system.moments[0].receivers[0].component, Component::z);
  EXPECT_EQ(system.moments[1].receivers[0].component, Component::x);
  EXPECT_EQ(system.moments[0].quantity, Quantity::dbdt);
  EXPECT_EQ(loop_area(system.moments[0].transmitters[0].loop), 100.0);
}

TEST(Gex, TurnsPositionsUpwards) {
  ImportOptions options;
  options.transmitter_height = 30.0;
  const auto system = read(file(), options).system;
  EXPECT_FALSE(system.height_from_models);
  EXPECT_EQ(system.moments[0].transmitters[0].height, 30.0);
  EXPECT_EQ(system.moments[0].receivers[0].height, 31.5);
  EXPECT_THAT(system.moments[0].receivers[0].position, ElementsAre(-9.0, 0.5));
}

TEST(Gex, LeavesTheHeightToTheModelsIfNoneIsGiven) {
  const auto system = read(file()).system;
  EXPECT_TRUE(system.height_from_models);
  EXPECT_EQ(system.moments[0].transmitters[0].height, 0.0);
  EXPECT_EQ(system.moments[0].receivers[0].height, 1.5);
}

TEST(Gex, CountsReceiversFromTheTransmittersPlace) {
  const auto system =
      read(replaced(file(), "LoopType=72", "TxCoilPosition1= 1.0 2.0 -0.5\nLoopType=72")).system;
  EXPECT_THAT(system.moments[0].transmitters[0].position, ElementsAre(1.0, 2.0));
  EXPECT_THAT(system.moments[0].receivers[0].position, ElementsAre(-9.0, 0.5));
  EXPECT_EQ(system.moments[0].receivers[0].height, 1.0);
}

TEST(Gex, ShiftsGatesAndDropsTheFirstOnes) {
  const auto system = read(file()).system;
  const auto& low = system.moments[0].gates;
  ASSERT_EQ(low.size(), 2u);
  EXPECT_DOUBLE_EQ(low[0].open, 0.7e-5 - 2e-6);
  EXPECT_DOUBLE_EQ(low[0].close, 1.5e-5 - 2e-6);
  const auto& high = system.moments[1].gates;
  ASSERT_EQ(high.size(), 4u);
  EXPECT_DOUBLE_EQ(high[0].open, 3e-6 + 1e-4 - 1e-6);
  EXPECT_DOUBLE_EQ(high[3].close, 6.3e-5 + 1e-4 - 1e-6);
}

TEST(Gex, KeepsAllGatesOnRequestAndRefusesThoseBeforeZero) {
  ImportOptions options;
  options.all_gates = true;
  EXPECT_THAT(refusal(file(), options), HasSubstr("s.gex: moments[0].gates.open[0]: -1e-06"));
  const auto system = read(replaced(file(), "GateTimeShift=-2.0E-06", "GateTimeShift=0"), options);
  EXPECT_EQ(system.system.moments[0].gates.size(), 4u);
  EXPECT_EQ(system.system.moments[1].gates.size(), 5u);
}

TEST(Gex, KeepsTheLastOfTwoOppositePulses) {
  const auto file_read = read(file());
  const auto& waveform = file_read.system.moments[0].waveform;
  EXPECT_THAT(waveform.times, ElementsAre(-0.5e-3, 0.0, 5e-6));
  EXPECT_THAT(waveform.currents, ElementsAre(0.0, 1.0, 0.0));
  EXPECT_THAT(file_read.notes, Contains(HasSubstr("LM: WaveformLMPoint holds the previous pulse")));
}

TEST(Gex, DropsRepeatedPointsBeforeAPulse) {
  const auto waveform = read(file()).system.moments[1].waveform;
  EXPECT_THAT(waveform.times, ElementsAre(-1e-3, -0.9e-3, 0.0, 5e-5));
}

TEST(Gex, RefusesAnEarlierPulseOfTheSameSignOrAnotherShape) {
  EXPECT_THAT(refusal_with("-2.500E-03 -1.0", "-2.500E-03 1.0"),
              HasSubstr("s.gex: WaveformLMPoint: the pulse before"));
  EXPECT_THAT(refusal_with("-2.500E-03 -1.0", "-2.500E-03 -0.5"), HasSubstr("is not the opposite"));
}

TEST(Gex, RefusesAWaveformLongerThanAPeriod) {
  EXPECT_THAT(refusal_with("WaveformLMPoint01= -3.000E-03", "WaveformLMPoint01= -5.500E-03"),
              HasSubstr("at most one period"));
}

TEST(Gex, RefusesWaveformTimesThatDoNotIncrease) {
  EXPECT_THAT(refusal_with("WaveformHMPoint04=  0.000E+00", "WaveformHMPoint04= -0.900E-03"),
              HasSubstr("s.gex: WaveformHMPoint: time -9e-04 of point 4"));
}

TEST(Gex, ReadsCoilAndReceiverFilters) {
  const auto system = read(file()).system;
  const auto& low = system.moments[0].low_pass;
  ASSERT_EQ(low.size(), 2u);
  EXPECT_EQ(low[0].cutoff, 200e3);
  EXPECT_EQ(low[0].order, 2);
  EXPECT_EQ(low[0].damping, 0.8);
  EXPECT_EQ(low[1].cutoff, 300e3);
  EXPECT_EQ(low[1].order, 1);
  EXPECT_FALSE(low[1].damping);
  EXPECT_EQ(system.moments[1].low_pass.size(), 1u) << "order -1 is no filter";
}

TEST(Gex, SaysThatTheFrontGateIsNotModelledWhereItMatters) {
  EXPECT_THAT(read(file()).notes, Not(Contains(HasSubstr("FrontGateTime"))));
  // 5 / (2 pi 300 kHz) = 2.65 us: the gate at 5 us opens before a front gate at 3 us has settled.
  const auto notes =
      read(replaced(file(), "FrontGateTime=-1.0E-06", "FrontGateTime=3.0E-06")).notes;
  EXPECT_THAT(notes, Contains(HasSubstr("LM: FrontGateTime 3e-06 s is not modelled: 1 gates")));
}

TEST(Gex, CarriesWhatBelongsToMeasuredData) {
  const auto moment = read(file()).system.moments[0];
  const auto& metadata = moment.metadata;
  EXPECT_EQ(std::get<double>(metadata.at("gate_factor")), 0.95);
  EXPECT_EQ(std::get<double>(metadata.at("uniform_data_std")), 0.03);
  EXPECT_EQ(std::get<double>(metadata.at("approximate_current")), 6.0);
  EXPECT_EQ(std::get<double>(metadata.at("front_gate_time")), -1e-6);
  EXPECT_EQ(moment.scale, 1.0);
}

TEST(Gex, NamesKeysThatAreReadAndNotUsedOnce) {
  EXPECT_THAT(read(file()).notes,
              Contains("read, not used: FrontGateDelay, GPSPosition1, PrimaryFieldDampingFactor"));
}

TEST(Gex, RefusesUnknownKeysAndNamesTheNearest) {
  EXPECT_EQ(
      refusal_with("GateTimeShift=", "GateTimeShft="),
      "s.gex:36: unknown key \"GateTimeShft\" in [Channel1], did you mean \"GateTimeShift\"?");
  EXPECT_THAT(refusal_with("MeaTimeDelay=0.0", "RemoveGatesFrom=3"), HasSubstr("unknown key"));
  // A channel's key in the wrong section would have no effect.
  EXPECT_THAT(refusal_with("FrontGateDelay=2.0E-06", "GateTimeShift=1.0E-06"),
              HasSubstr("unknown key \"GateTimeShift\" in [General]"));
  EXPECT_THAT(refusal_with("MeaTimeDelay=0.0", "NumberOfTurns=3"),
              HasSubstr("unknown key \"NumberOfTurns\" in [Channel1]"));
  EXPECT_THAT(refusal_with("[Channel2]", "[Chanel2]"), HasSubstr("section [Chanel2], allowed is"));
}

TEST(Gex, RefusesAMeasuredSystemResponse) {
  EXPECT_EQ(refusal_with("SystemResponseConvolution=0", "SystemResponseConvolution=1"),
            "s.gex:38: SystemResponseConvolution: a measured system response (.sr2) is not "
            "supported, allowed is 0");
}

TEST(Gex, RefusesValuesThatAreNotAllowed) {
  EXPECT_THAT(refusal_with("NoGates=4", "NoGates=6"),
              HasSubstr("NoGates: 6, allowed is at most 5"));
  EXPECT_THAT(refusal_with("NoGates=4", "NoGates=4.5"), HasSubstr("a whole number"));
  EXPECT_THAT(refusal_with("RemoveInitialGates=2", "RemoveInitialGates=4"),
              HasSubstr("below NoGates"));
  EXPECT_THAT(refusal_with("LoopType=72", "LoopType=5"), HasSubstr("LoopType: 5, allowed is 7"));
  EXPECT_THAT(refusal_with("RepFreq=200.0", "RepFreq=0"),
              HasSubstr("RepFreq: 0, allowed is above 0"));
  EXPECT_THAT(refusal_with("XYZ=Z", "XYZ=Q"), HasSubstr("\"Q\", allowed is X, Y or Z"));
  EXPECT_THAT(refusal_with("TiBLowPassFilter=1", "TiBLowPassFilter=0"),
              HasSubstr("order 0, allowed is 1"));
  EXPECT_THAT(refusal_with("MeaTimeDelay=0.0", "MeaTimeDelay=0.0s"),
              HasSubstr("\"0.0s\", allowed is a number"));
  EXPECT_THAT(refusal_with("-9.00 0.50 -1.50", "-9.00 0.50"), HasSubstr("2 numbers, allowed is 3"));
  EXPECT_THAT(refusal_with("MeaTimeDelay=0.0", "MeaTimeDelay=nan"),
              HasSubstr("allowed is a number"));
}

TEST(Gex, RefusesGapsAndRepeatsInNumberedKeys) {
  EXPECT_THAT(refusal_with("GateTime03=", "GateTime07="),
              HasSubstr("GateTime04: follows number 2"));
  EXPECT_THAT(refusal_with("GateTime03=", "GateTime02="), HasSubstr("is given twice"));
  EXPECT_THAT(refusal_with("GateTime03=", "GateTime2="), HasSubstr("the same number as"));
}

TEST(Gex, RefusesMissingSectionsAndKeys) {
  EXPECT_EQ(refusal(""), "s.gex: section [General] is missing");
  EXPECT_EQ(refusal("[General]\n"), "s.gex: section [Channel1] is missing");
  EXPECT_THAT(refusal_with("RepFreq=200.0\n", ""),
              HasSubstr("[Channel1]: key \"RepFreq\" is missing"));
  EXPECT_THAT(refusal_with("RxCoilPosition1= -9.00 0.50 -1.50\n", ""),
              HasSubstr("key \"RxCoilPosition1\" is missing"));
  EXPECT_THAT(refusal_with("RxCoilNumber=1", "RxCoilNumber=2"),
              HasSubstr("key \"RxCoilPosition2\" is missing"));
}

TEST(Gex, RefusesATruncatedFileAtWhateverLineItEnds) {
  const auto& text = file();
  const auto last_key = text.rfind("ReceiverPolarizationXYZ");
  std::size_t refused = 0;
  for (std::size_t end = 0; end < last_key; ++end) {
    // Between two sections the file of one moment is complete.
    if (end > text.find("ReceiverPolarizationXYZ=Z") && end <= text.find("[Channel2]")) continue;
    EXPECT_NE(refusal(text.substr(0, end)), "no error") << text.substr(0, end);
    ++refused;
  }
  EXPECT_GT(refused, 1000u);
}

TEST(Gex, ReadsLinesThatEndAsOnOtherSystems) {
  std::string text;
  for (const char c : file()) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(to_json(read(text).system), to_json(read(file()).system));
}

TEST(Gex, ReadsARectangleAndACircle) {
  const auto without_corners = [] {
    std::string text = file();
    for (int i = 0; i < 4; ++i) {
      const auto start = text.find("TxLoopPoint");
      text.erase(start, text.find('\n', start) + 1 - start);
    }
    return text;
  }();
  const auto rectangle =
      read(replaced(without_corners, "LoopType=72", "LoopType=7\nTxLoopSides=4.0 6.0")).system;
  EXPECT_EQ(loop_area(rectangle.moments[0].transmitters[0].loop), 24.0);
  EXPECT_THAT(std::get<Polygon>(rectangle.moments[0].transmitters[0].loop).vertices[0],
              ElementsAre(2.0, 3.0));
  const auto circle = read(replaced(without_corners, "LoopType=72\n", "")).system;
  EXPECT_DOUBLE_EQ(std::get<Circle>(circle.moments[0].transmitters[0].loop).radius,
                   std::sqrt(100.0 / std::numbers::pi));
  EXPECT_THAT(refusal(without_corners), HasSubstr("key \"TxLoopPoint1\" is missing"));
}

TEST(Gex, SaysWhereTheAreaIsNotThatOfTheCorners) {
  EXPECT_THAT(read(replaced(file(), "TxLoopArea=100.0", "TxLoopArea=120.0")).notes,
              Contains(HasSubstr("TxLoopArea: 120 m^2 is not used: the corners enclose 100 m^2")));
}

TEST(Gex, ReadsASecondReceiverCoil) {
  auto text = replaced(file(), "LoopType=72",
                       "RxCoilPosition2= -8.0 0.0 0.5\nRxCoilLPFilter2= 0.5 100E+3\nLoopType=72");
  text = replaced(text, "[Channel2]\nRxCoilNumber=1", "[Channel2]\nRxCoilNumber=2");
  const auto system = read(text).system;
  EXPECT_EQ(system.moments[0].receivers[0].height, 1.5);
  EXPECT_EQ(system.moments[1].receivers[0].height, -0.5);
  EXPECT_EQ(system.moments[1].low_pass[0].cutoff, 100e3);
}

TEST(Gex, NamesChannelsOfOneMomentByTheirComponent) {
  auto text = replaced(file(), "TransmitterMoment=HM", "TransmitterMoment=LM");
  text = replaced(text, "RepFreq=25.0", "RepFreq=200.0");
  const auto system = read(text).system;
  EXPECT_EQ(system.moments[0].name, "LM Z");
  EXPECT_EQ(system.moments[1].name, "LM X");
}

}  // namespace
}  // namespace stratem
