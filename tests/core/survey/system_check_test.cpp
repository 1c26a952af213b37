// check(System): the systems that are refused, and the messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "core/survey/polygon.hpp"
#include "stratem/system.hpp"
#include "support/message_of.hpp"

namespace stratem {
namespace {

using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// A circle of 10 m radius at 30 m, receiver 2 m above its centre, step-off, two gates.
System good_system() {
  Moment moment;
  moment.name = "LM";
  Transmitter transmitter;
  transmitter.loop = Circle{10.0};
  transmitter.height = 30.0;
  Receiver receiver;
  receiver.height = 32.0;
  moment.transmitters = {transmitter};
  moment.receivers = {receiver};
  moment.gates = {{1e-5, 2e-5}, {2e-5, 4e-5}};
  System system;
  system.moments = {moment};
  return system;
}

Moment& moment_of(System& system) { return system.moments[0]; }
Transmitter& transmitter_of(System& system) { return system.moments[0].transmitters[0]; }
Receiver& receiver_of(System& system) { return system.moments[0].receivers[0]; }

std::string refusal(const System& system) {
  return test::message_of([&] { check(system); });
}

System with_polygon(std::vector<std::array<double, 2>> corners) {
  auto system = good_system();
  transmitter_of(system).loop = Polygon{std::move(corners)};
  return system;
}

TEST(SystemCheck, AcceptsACentralLoop) { EXPECT_EQ(refusal(good_system()), "no error"); }

TEST(SystemCheck, RejectsASystemWithoutMoments) {
  EXPECT_EQ(refusal(System()), "moments: none, allowed is at least one");
}

TEST(SystemCheck, RejectsAMomentWithoutTransmitterReceiverOrGates) {
  auto system = good_system();
  moment_of(system).transmitters.clear();
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].transmitter: none"));
  system = good_system();
  moment_of(system).receivers.clear();
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].receiver: none"));
  system = good_system();
  moment_of(system).gates.clear();
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].gates: none"));
}

TEST(SystemCheck, RejectsARadiusThatIsNotAboveZero) {
  for (const double radius : {0.0, -1.0, nan, infinity, 1e-200, 1e200}) {
    auto system = good_system();
    transmitter_of(system).loop = Circle{radius};
    EXPECT_THAT(refusal(system), HasSubstr("moments[0].transmitter.loop.radius: ")) << radius;
  }
}

TEST(SystemCheck, RejectsAPolygonWithFewerThanThreeCorners) {
  EXPECT_EQ(refusal(with_polygon({{0, 0}, {1, 0}})),
            "moments[0].transmitter.loop.vertices: 2 corners, allowed is at least 3");
}

TEST(SystemCheck, RejectsAPolygonThatCrossesItself) {
  EXPECT_EQ(
      refusal(with_polygon({{-5, -5}, {5, 5}, {5, -5}, {-5, 5}})),
      "moments[0].transmitter.loop.vertices: the sides that start at corners 0 and 2 cross or "
      "touch, allowed is a loop whose sides meet only at its corners");
}

TEST(SystemCheck, RejectsAPolygonThatTouchesItself) {
  // The last corner lies on the first side; then two sides that lie on each other.
  EXPECT_THAT(refusal(with_polygon({{-5, 0}, {5, 0}, {5, 5}, {1, 5}, {0, 0}, {-1, 5}})),
              HasSubstr("cross or touch"));
  EXPECT_THAT(refusal(with_polygon({{0, 0}, {10, 0}, {5, 0}, {5, 5}})),
              HasSubstr("cross or touch"));
}

TEST(SystemCheck, RejectsAPolygonWithoutArea) {
  EXPECT_THAT(refusal(with_polygon({{0, 0}, {1, 0}, {2, 0}})), HasSubstr("cross or touch"));
}

TEST(SystemCheck, RejectsARepeatedCorner) {
  EXPECT_THAT(refusal(with_polygon({{0, 0}, {10, 0}, {10, 0}, {5, 5}})),
              HasSubstr("vertices[2]: a repeat of the corner before it"));
  EXPECT_THAT(refusal(with_polygon({{-9, -9}, {10, 0}, {5, 5}, {-9, -9}})),
              HasSubstr("vertices[0]: a repeat of the corner before it"));
}

TEST(SystemCheck, RejectsCornersThatAreNotFinite) {
  EXPECT_THAT(refusal(with_polygon({{0, 0}, {10, nan}, {5, 5}})),
              HasSubstr("vertices[1]: nan, allowed is a finite number"));
  EXPECT_THAT(refusal(with_polygon({{0, 0}, {1e300, 0}, {0, 1e300}})), HasSubstr("finite"));
}

TEST(SystemCheck, AcceptsAConcavePolygonEitherWayRound) {
  std::vector<std::array<double, 2>> corners{{-5, -5}, {5, -5}, {5, 5}, {0, -2}, {-5, 5}};
  EXPECT_EQ(refusal(with_polygon(corners)), "no error");
  std::reverse(corners.begin(), corners.end());
  EXPECT_EQ(refusal(with_polygon(corners)), "no error");
}

TEST(SystemCheck, RejectsAReceiverOnASideOfThePolygonAtItsHeight) {
  auto system = with_polygon({{-5, -5}, {5, -5}, {5, 5}, {-5, 5}});
  receiver_of(system).position = {5, 1};
  receiver_of(system).height = 30;
  EXPECT_EQ(
      refusal(system),
      "moments[0].receiver.position: [5, 1] at height 30 is on the wire of the loop, allowed is "
      "a place off the wire");
  receiver_of(system).position = {5 + 1e-6, 1};
  EXPECT_EQ(refusal(system), "no error");
  receiver_of(system).position = {5, 1};
  receiver_of(system).height = 30.01;
  EXPECT_EQ(refusal(system), "no error");
  receiver_of(system).height = 30;
  transmitter_of(system).position = {1, 0};
  EXPECT_EQ(refusal(system), "no error");
}

TEST(SystemCheck, RejectsAReceiverOnTheWireOfACircleAtItsHeight) {
  auto system = good_system();
  receiver_of(system).position = {6, 8};
  EXPECT_EQ(refusal(system), "no error");
  receiver_of(system).height = 30;
  EXPECT_THAT(refusal(system), HasSubstr("is on the wire of the loop"));
  transmitter_of(system).height = receiver_of(system).height = 0;
  EXPECT_THAT(refusal(system), HasSubstr("is on the wire of the loop"));
  receiver_of(system).position = {6, 0};
  EXPECT_EQ(refusal(system), "no error");
}

TEST(SystemCheck, RejectsAReceiverInADipole) {
  auto system = good_system();
  transmitter_of(system).loop = Dipole{};
  EXPECT_EQ(refusal(system), "no error");
  receiver_of(system).height = 30;
  EXPECT_THAT(refusal(system), HasSubstr("is where the dipole is"));
  receiver_of(system).position = {0, 3};
  transmitter_of(system).height = receiver_of(system).height = 0;
  EXPECT_EQ(refusal(system), "no error");
}

TEST(SystemCheck, NamesTheElementOfAList) {
  auto system = good_system();
  moment_of(system).receivers.push_back(receiver_of(system));
  moment_of(system).receivers[1].height = -1;
  EXPECT_EQ(refusal(system),
            "moments[0].receiver[1].height: -1, allowed is 0 or above, and finite");
}

TEST(SystemCheck, RejectsHeightsBelowTheGround) {
  for (const double height : {-0.1, nan, infinity}) {
    auto system = good_system();
    transmitter_of(system).height = height;
    EXPECT_THAT(refusal(system), HasSubstr("moments[0].transmitter.height: ")) << height;
  }
}

TEST(SystemCheck, AllowsRelativeHeightsWhereModelsBringThem) {
  auto system = good_system();
  system.height_from_models = true;
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].transmitter.height: 30, allowed is 0 where"));
  transmitter_of(system).height = 0;
  receiver_of(system).height = -40;
  EXPECT_EQ(refusal(system), "no error");
}

TEST(SystemCheck, RejectsTurnsPolaritiesAndPositionsThatAreNotAllowed) {
  auto system = good_system();
  transmitter_of(system).turns = 0;
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].transmitter.turns: 0"));
  system = good_system();
  transmitter_of(system).polarity = 0;
  EXPECT_EQ(refusal(system), "moments[0].transmitter.polarity: 0, allowed is 1 or -1");
  system = good_system();
  receiver_of(system).polarity = 2;
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].receiver.polarity: 2"));
  system = good_system();
  receiver_of(system).position = {0, nan};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].receiver.position[1]: nan"));
}

TEST(SystemCheck, RejectsWaveformTimesThatDoNotIncrease) {
  auto system = good_system();
  moment_of(system).waveform = {{-1e-3, 0, 0}, {0, 1, 0}};
  EXPECT_EQ(refusal(system),
            "moments[0].waveform.times[2]: 0, allowed is above the time before it, 0");
  moment_of(system).waveform = {{-1e-3, nan, 0}, {0, 1, 0}};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].waveform.times[1]: nan"));
}

TEST(SystemCheck, RejectsWaveformsWithoutAChangeOfCurrent) {
  auto system = good_system();
  moment_of(system).waveform = {{-1e-3, 0}, {1, 1}};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].waveform.currents: all 1"));
  moment_of(system).waveform = {{0}, {1}};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].waveform.times: 1 point"));
  moment_of(system).waveform = {{-1e-3, 0}, {1, 0, 0}};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].waveform.currents: 3 numbers, allowed is 2"));
  moment_of(system).waveform = {{-1e-3, 0}, {1, infinity}};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].waveform.currents[1]: inf"));
}

TEST(SystemCheck, RejectsAWaveformLongerThanHalfAPeriod) {
  auto system = good_system();
  moment_of(system).base_frequency = 25.0;
  moment_of(system).waveform = {{-0.02, 0}, {0, 1}};
  EXPECT_EQ(refusal(system), "no error");
  moment_of(system).waveform = {{-0.0201, 0}, {0, 1}};
  EXPECT_EQ(refusal(system),
            "moments[0].waveform.times: span: 0.0201, allowed is at most half a period of "
            "base_frequency, 0.02");
}

TEST(SystemCheck, AcceptsACurrentThatDoesNotChangeAsAPulseOnly) {
  auto system = good_system();
  moment_of(system).waveform = {{-1e-3, 0}, {1, 1}};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].waveform.currents: all 1, allowed is"));
  moment_of(system).base_frequency = 25.0;
  EXPECT_EQ(refusal(system), "no error");
  moment_of(system).waveform = {{-1e-3, 0}, {0, 0}};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].waveform.currents: all 0, allowed is"));
}

TEST(SystemCheck, RejectsGatesThatOpenWhereTheCurrentJumps) {
  auto system = good_system();
  auto& moment = moment_of(system);
  moment.base_frequency = 25.0;
  moment.waveform = {{-5e-3, 1e-3}, {1, 1}};
  moment.gates = {{9e-4, 1e-3}, {1e-3, 2e-3}};
  EXPECT_EQ(
      refusal(system),
      "moments[0].gates.open[1]: 0.001, allowed is before or after the jump of the current at "
      "waveform time 0.001");
  moment.gates = {{0.015, 0.015}};
  EXPECT_EQ(refusal(system),
            "moments[0].times[0]: 0.015, allowed is before or after the jump of the current at "
            "waveform time -0.005");
  moment.gates = {{9e-4, 2e-3}};
  EXPECT_EQ(refusal(system), "no error") << "the jump lies inside";
  moment.gates = {{1e-3, 2e-3}};
  moment.quantity = Quantity::b;
  EXPECT_EQ(refusal(system), "no error") << "B is finite";
  moment.quantity = Quantity::dbdt;
  moment.low_pass = {{1e5, 1, {}}};
  EXPECT_EQ(refusal(system), "no error") << "filters make it finite";
  moment.low_pass.clear();
  moment.base_frequency.reset();
  moment.waveform.currents = {1, 0.5};
  EXPECT_EQ(refusal(system), "no error") << "a single pulse has no jumps";
}

TEST(SystemCheck, RejectsABaseFrequencyThatIsNotAboveZero) {
  for (const double frequency : {0.0, -25.0, nan, infinity}) {
    auto system = good_system();
    moment_of(system).base_frequency = frequency;
    EXPECT_THAT(refusal(system), HasSubstr("moments[0].base_frequency: ")) << frequency;
  }
}

TEST(SystemCheck, RejectsGatesThatOpenAtOrBeforeZero) {
  for (const double open : {0.0, -1e-6, nan}) {
    auto system = good_system();
    moment_of(system).gates[1].open = open;
    EXPECT_THAT(refusal(system), HasSubstr("moments[0].gates.open[1]: ")) << open;
  }
}

TEST(SystemCheck, RejectsGatesThatCloseBeforeTheyOpen) {
  auto system = good_system();
  moment_of(system).gates[0] = {2e-5, 1e-5};
  EXPECT_EQ(refusal(system),
            "moments[0].gates.close[0]: 1e-05, allowed is at or after the gate's open, 2e-05, and "
            "finite");
}

TEST(SystemCheck, RejectsGatesThatEndAfterTheHalfPeriod) {
  auto system = good_system();
  moment_of(system).base_frequency = 25.0;
  moment_of(system).gates[1] = {0.01, 0.02};
  EXPECT_EQ(refusal(system), "no error");
  moment_of(system).gates[1] = {0.01, 0.0201};
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].gates.close[1]: 0.0201, allowed is at most "
                                         "half a period of base_frequency, 0.02"));
}

TEST(SystemCheck, NamesPlainTimesAsTheFileDoes) {
  auto system = good_system();
  moment_of(system).gates = {{1e-5, 1e-5}, {0, 0}};
  EXPECT_EQ(refusal(system), "moments[0].times[1]: 0, allowed is above 0 and finite");
}

TEST(SystemCheck, RejectsFiltersThatAreNotAllowed) {
  const auto with_filters = [](std::vector<LowPass> filters) {
    auto system = good_system();
    moment_of(system).low_pass = std::move(filters);
    return refusal(system);
  };
  EXPECT_EQ(with_filters({{3e5, 16, {}}, {2e5, 2, 0.7}}), "no error");
  EXPECT_THAT(with_filters({{0.0, 1, {}}}), HasSubstr("moments[0].low_pass[0].cutoff: 0"));
  EXPECT_THAT(with_filters({{3e5, 0, {}}}), HasSubstr("moments[0].low_pass[0].order: 0"));
  EXPECT_THAT(with_filters({{3e5, 17, {}}}), HasSubstr("order: 17, allowed is 1 to 16"));
  EXPECT_THAT(with_filters({{3e5, 9, {}}, {4e5, 8, {}}}), HasSubstr("low_pass[1].order: 17 first"));
  EXPECT_THAT(with_filters({{3e5, 2, 0.0}}), HasSubstr("moments[0].low_pass[0].damping: 0"));
  EXPECT_THAT(with_filters({{3e5, 1, 0.7}}), HasSubstr("order: 1, allowed is 2 with damping"));
}

TEST(SystemCheck, RejectsAScaleOfZeroAndMetadataThatIsNotFinite) {
  auto system = good_system();
  moment_of(system).scale = 0;
  EXPECT_EQ(refusal(system), "moments[0].scale: 0, allowed is not 0 and finite");
  system = good_system();
  moment_of(system).metadata["gate_factor"] = nan;
  EXPECT_THAT(refusal(system), HasSubstr("moments[0].metadata.gate_factor: nan"));
}

TEST(SystemCheck, RejectsNormalizationByAMomentThatCancels) {
  auto system = good_system();
  moment_of(system).transmitters.push_back(transmitter_of(system));
  moment_of(system).transmitters[1].polarity = -1;
  EXPECT_EQ(refusal(system), "no error");
  system.normalization = Normalization::moment;
  EXPECT_THAT(refusal(system),
              HasSubstr("moments[0].transmitter: moment of all loops together: 0"));
  moment_of(system).transmitters[1].turns = 2;
  EXPECT_EQ(refusal(system), "no error");
}

TEST(SystemCheck, CountsTheGatesOfAllMoments) {
  auto system = good_system();
  system.moments.push_back(system.moments[0]);
  system.moments[1].gates.push_back({1e-3, 2e-3});
  EXPECT_EQ(gate_count(system), 5);
}

TEST(LoopArea, IsThatOfTheFigure) {
  EXPECT_DOUBLE_EQ(loop_area(Circle{2.0}), 4.0 * std::numbers::pi);
  EXPECT_DOUBLE_EQ(loop_area(Polygon{{{0, 0}, {4, 0}, {0, 3}}}), 6.0);
  EXPECT_DOUBLE_EQ(loop_area(Polygon{{{0, 0}, {0, 3}, {4, 0}}}), 6.0);
  EXPECT_DOUBLE_EQ(loop_area(Dipole{}), 1.0);
}

TEST(LoopArea, KeepsItsDigitsFarFromTheOrigin) {
  EXPECT_DOUBLE_EQ(loop_area(Polygon{{{1e9, 1e9}, {1e9 + 4, 1e9}, {1e9, 1e9 + 3}}}), 6.0);
}

TEST(Polygon, FindsTheSideThroughAPoint) {
  const std::vector<core::Point> square{{0, 0}, {2, 0}, {2, 2}, {0, 2}};
  EXPECT_EQ(core::side_through(square, {0, 1}, 1e-9), 3u);
  EXPECT_EQ(core::side_through(square, {1, 1}, 1e-9), std::nullopt);
}

TEST(Polygon, OfManySidesIsCheckedQuickly) {
  std::vector<core::Point> circle;
  constexpr int sides = 20000;
  for (int i = 0; i < sides; ++i) {
    const double angle = 2 * std::numbers::pi * i / sides;
    circle.push_back({std::cos(angle), std::sin(angle)});
  }
  EXPECT_EQ(core::touching_sides(circle, 1e-9), std::nullopt);
  EXPECT_NEAR(core::signed_area(circle), std::numbers::pi, 1e-6);
}

}  // namespace
}  // namespace stratem
