// The JSON of a system: read, written, refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "stratem/error.hpp"
#include "stratem/io.hpp"
#include "support/message_of.hpp"

namespace stratem {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// The example of the format's description.
const std::string example = R"({
  "name": "SkyTEM 304",
  "moments": [{
    "name": "LM",
    "transmitter": {"loop": {"type": "circle", "radius": 10.0}, "height": 30.0, "turns": 1},
    "receiver": {"position": [0.0, 0.0], "height": 32.0, "component": "z"},
    "quantity": "dbdt",
    "waveform": "step_off",
    "base_frequency": 25.0,
    "low_pass": [{"cutoff": 300000.0, "order": 1}],
    "gates": {"open": [1e-5, 2e-5], "close": [2e-5, 4e-5]}
  }],
  "normalization": "current"
})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

std::string refusal(const std::string& text) {
  return test::message_of([&] { system_from_json(text, "s.json"); });
}

/// The message with which the example is refused after one replacement.
std::string refusal_with(const std::string& from, const std::string& to) {
  return refusal(replaced(example, from, to));
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

TEST(SystemJson, ReadsTheExampleOfTheFormat) {
  const auto system = system_from_json(example, "s.json");
  EXPECT_EQ(system.name, "SkyTEM 304");
  EXPECT_EQ(system.normalization, Normalization::current);
  ASSERT_EQ(system.moments.size(), 1u);
  const auto& moment = system.moments[0];
  EXPECT_EQ(std::get<Circle>(moment.transmitters.at(0).loop).radius, 10.0);
  EXPECT_EQ(moment.receivers.at(0).height, 32.0);
  EXPECT_TRUE(moment.waveform.is_step_off());
  EXPECT_EQ(moment.base_frequency, 25.0);
  EXPECT_EQ(moment.low_pass.at(0).order, 1);
  ASSERT_EQ(moment.gates.size(), 2u);
  EXPECT_EQ(moment.gates[1].open, 2e-5);
  EXPECT_EQ(moment.gates[1].close, 4e-5);
}

TEST(SystemJson, ReadsListsPolygonsDipolesWaveformsAndTimes) {
  const auto system = system_from_json(R"({"moments": [{
    "transmitter": [
      {"loop": {"type": "polygon", "vertices": [[0, 0], [1, 0], [0, 1]]}, "height": 1, "turns": 3,
       "position": [5, 6]},
      {"loop": {"type": "dipole"}, "height": 2, "polarity": -1}],
    "receiver": [{"position": [1, 2], "height": 0, "component": "x", "polarity": -1}],
    "quantity": "b", "waveform": {"times": [-1e-3, 0], "currents": [1, 0]},
    "low_pass": [{"cutoff": 2e5, "damping": 0.7}],
    "times": [1e-5, 1e-4], "scale": -2, "metadata": {"a": 1.5, "b": "text"}}],
    "normalization": "moment", "metadata": {"origin": "mine"}})",
                                       "s.json");
  const auto& moment = system.moments[0];
  ASSERT_EQ(moment.transmitters.size(), 2u);
  EXPECT_EQ(std::get<Polygon>(moment.transmitters[0].loop).vertices[1][0], 1.0);
  EXPECT_EQ(moment.transmitters[0].position[1], 6.0);
  EXPECT_TRUE(std::holds_alternative<Dipole>(moment.transmitters[1].loop));
  EXPECT_EQ(moment.transmitters[1].polarity, -1);
  EXPECT_EQ(moment.receivers[0].component, Component::x);
  EXPECT_EQ(moment.quantity, Quantity::b);
  EXPECT_EQ(moment.waveform.currents[0], 1.0);
  EXPECT_EQ(moment.low_pass[0].order, 2);
  EXPECT_EQ(moment.low_pass[0].damping, 0.7);
  EXPECT_TRUE(moment.gates[1].is_time());
  EXPECT_EQ(moment.scale, -2.0);
  EXPECT_EQ(std::get<std::string>(moment.metadata.at("b")), "text");
  EXPECT_EQ(std::get<std::string>(system.metadata.at("origin")), "mine");
}

TEST(SystemJson, NamesAnUnknownKeyAndTheNearestOne) {
  EXPECT_EQ(refusal_with("\"open\"", "\"opne\""),
            "s.json: moments[0].gates: unknown key \"opne\", did you mean \"open\"?");
  EXPECT_EQ(refusal_with("\"normalization\"", "\"normalisation\""),
            "s.json: unknown key \"normalisation\", did you mean \"normalization\"?");
  EXPECT_THAT(refusal_with("\"radius\"", "\"raduis\""),
              HasSubstr("moments[0].transmitter.loop: unknown key \"raduis\""));
}

TEST(SystemJson, NamesAMissingKey) {
  EXPECT_EQ(refusal_with(", \"height\": 30.0", ""),
            "s.json: moments[0].transmitter: key \"height\" is missing");
  EXPECT_EQ(refusal_with("\"position\": [0.0, 0.0], ", ""),
            "s.json: moments[0].receiver: key \"position\" is missing");
  EXPECT_THAT(refusal_with("\"waveform\": \"step_off\",", ""),
              HasSubstr("key \"waveform\" is missing"));
  EXPECT_THAT(refusal_with("\"quantity\": \"dbdt\",", ""),
              HasSubstr("key \"quantity\" is missing"));
  EXPECT_EQ(refusal("{}"), "s.json: key \"moments\" is missing");
}

TEST(SystemJson, NamesWhatIsAllowedInPlaceOfAWrongType) {
  EXPECT_EQ(refusal_with("30.0", "\"30\""),
            "s.json: moments[0].transmitter.height: \"30\", allowed is a number");
  EXPECT_EQ(
      refusal_with("[0.0, 0.0]", "[0.0]"),
      "s.json: moments[0].receiver.position: a list of 1, allowed is a pair of numbers [x, y]");
  EXPECT_EQ(refusal_with("[1e-5, 2e-5]", "[1e-5, null]"),
            "s.json: moments[0].gates.open[1]: null, allowed is a number");
  EXPECT_EQ(refusal_with("[1e-5, 2e-5]", "1e-5"),
            "s.json: moments[0].gates.open: 1e-05, allowed is a list of numbers");
  EXPECT_EQ(refusal_with("\"dbdt\"", "\"dB/dt\""),
            "s.json: moments[0].quantity: \"dB/dt\", allowed is \"dbdt\" or \"b\"");
  EXPECT_EQ(refusal_with("\"order\": 1", "\"order\": 1.5"),
            "s.json: moments[0].low_pass[0].order: 1.5, allowed is a whole number");
  EXPECT_EQ(refusal_with("\"order\": 1", "\"order\": 99999999999"),
            "s.json: moments[0].low_pass[0].order: 99999999999, allowed is a small whole number");
  EXPECT_THAT(refusal_with("\"circle\"", "\"ring\""), HasSubstr("\"circle\", \"polygon\" or"));
  EXPECT_THAT(refusal_with("\"step_off\"", "\"step\""), HasSubstr("moments[0].waveform: \"step\""));
  EXPECT_THAT(refusal_with("\"SkyTEM 304\"", "304"), HasSubstr("name: 304, allowed is a text"));
  EXPECT_THAT(refusal("[]"), HasSubstr("s.json: a list, allowed is an object"));
}

TEST(SystemJson, RejectsAKeyThatIsGivenTwice) {
  EXPECT_EQ(refusal_with("\"turns\": 1", "\"turns\": 1, \"turns\": 2"),
            "s.json: moments[0].transmitter: \"turns\" is given twice, allowed is once");
}

TEST(SystemJson, RejectsTruncatedTextAtLineAndColumn) {
  EXPECT_THAT(refusal(example.substr(0, example.find("\"quantity\""))),
              StartsWith("s.json:7:4: not valid JSON: unexpected end of input"));
  for (std::size_t length = 0; length + 1 < example.size(); ++length) {
    EXPECT_THAT(refusal(example.substr(0, length)), HasSubstr("not valid JSON")) << length;
  }
}

TEST(SystemJson, RejectsNumbersThatJsonDoesNotHave) {
  EXPECT_THAT(refusal_with("30.0", "NaN"), StartsWith("s.json:5:"));
  EXPECT_THAT(refusal_with("30.0", "1e999"), HasSubstr("1e999 is too large, allowed is"));
}

TEST(SystemJson, RejectsGatesAndTimesTogetherAndNeither) {
  EXPECT_THAT(refusal_with("\"gates\"", "\"times\": [1e-5], \"gates\""),
              HasSubstr("moments[0].gates: given beside \"times\""));
  EXPECT_THAT(
      refusal_with(",\n    \"gates\": {\"open\": [1e-5, 2e-5], \"close\": [2e-5, 4e-5]}", ""),
      HasSubstr("moments[0].gates: missing"));
}

TEST(SystemJson, RejectsGatesOfUnequalLengths) {
  EXPECT_EQ(refusal_with("[2e-5, 4e-5]", "[2e-5]"),
            "s.json: moments[0].gates.close: 1 numbers, allowed is 2, as many as open");
}

TEST(SystemJson, RejectsAWaveformWithoutPoints) {
  EXPECT_THAT(refusal_with("\"step_off\"", R"({"times": [], "currents": []})"),
              HasSubstr("moments[0].waveform.times: no points"));
}

TEST(SystemJson, PutsTheFileBeforeWhatTheSystemIsRefusedFor) {
  EXPECT_THAT(refusal_with("[1e-5, 2e-5]", "[0, 2e-5]"),
              StartsWith("s.json: moments[0].gates.open[0]: 0, allowed is above 0"));
}

TEST(SystemJson, RoundTripsToTheLastBit) {
  auto system = system_from_json(example, "s.json");
  auto& moment = system.moments[0];
  moment.transmitters[0].position = {-0.0, 0.1 + 0.2};
  moment.transmitters[0].height = std::nextafter(30.0, 31.0);
  moment.receivers[0].position = {-1e-320, 123456789012345678.0};
  moment.receivers.push_back(moment.receivers[0]);
  moment.receivers[1].polarity = -1;
  moment.receivers[1].position = {1e22, -0.0};
  moment.waveform = {{-1.0 / 3e3, 0.0, 1e-300}, {0.1, 1.0 / 3.0, 5e8 / 3}};
  moment.low_pass.push_back({4.5e5 / 7, 2, 1.0 / 3});
  moment.gates = {{1e-5, 1e-5}, {2e-5 / 3, 3e-5 / 3.7}};
  moment.scale = -1e15 / 3;
  moment.metadata = {{"gate_factor", 0.1}, {"note", "a \"b\"\n\xc3\xa5"}};
  const auto text = to_json(system);
  const auto again = system_from_json(text, "again");
  EXPECT_EQ(to_json(again), text);
  const auto& copy = again.moments[0];
  EXPECT_TRUE(same_bits(copy.transmitters[0].position[0], -0.0));
  EXPECT_TRUE(same_bits(copy.transmitters[0].position[1], 0.1 + 0.2));
  EXPECT_TRUE(same_bits(copy.transmitters[0].height, moment.transmitters[0].height));
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      EXPECT_TRUE(same_bits(copy.receivers[i].position[axis], moment.receivers[i].position[axis]));
    }
    EXPECT_TRUE(same_bits(copy.gates[i].open, moment.gates[i].open));
    EXPECT_TRUE(same_bits(copy.gates[i].close, moment.gates[i].close));
  }
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(same_bits(copy.waveform.times[i], moment.waveform.times[i]));
    EXPECT_TRUE(same_bits(copy.waveform.currents[i], moment.waveform.currents[i]));
  }
  EXPECT_TRUE(same_bits(*copy.low_pass[1].damping, 1.0 / 3));
  EXPECT_TRUE(same_bits(copy.scale, moment.scale));
  EXPECT_EQ(copy.metadata, moment.metadata);
}

TEST(SystemJson, WritesPlainTimesAsTimesAndMixedGatesAsWindows) {
  auto system = system_from_json(example, "s.json");
  EXPECT_THAT(to_json(system), HasSubstr("\"gates\": {\"open\": [1e-05, 2e-05]"));
  system.moments[0].gates = {{1e-5, 1e-5}, {1e-4, 1e-4}};
  EXPECT_THAT(to_json(system), HasSubstr("\"times\": [1e-05, 0.0001]"));
  system.moments[0].gates[1].close = 2e-4;
  EXPECT_THAT(to_json(system), HasSubstr("\"open\": [1e-05, 0.0001]"));
}

TEST(SystemJson, KeepsHeightsThatComeFromModels) {
  auto system = system_from_json(example, "s.json");
  system.height_from_models = true;
  system.moments[0].transmitters[0].height = 0;
  system.moments[0].receivers[0].height = -2;
  const auto again = system_from_json(to_json(system), "again");
  EXPECT_TRUE(again.height_from_models);
  EXPECT_EQ(again.moments[0].receivers[0].height, -2);
}

TEST(SystemJson, IsNotWrittenWithNumbersThatJsonDoesNotHave) {
  auto system = system_from_json(example, "s.json");
  system.moments[0].scale = std::nan("");
  EXPECT_THROW(to_json(system), InputError);
}

}  // namespace
}  // namespace stratem
