// The changes of the current and their times.
#include "core/survey/pulse_train.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace stratem::core {

bool operator==(const CurrentChange& a, const CurrentChange& b) {
  return a.begin == b.begin && a.end == b.end && a.step == b.step;
}

namespace {

using testing::ElementsAre;
using Change = CurrentChange;

/// Half a period of 0.125 Hz is 4 s.
Moment moment_with(Waveform waveform, std::optional<double> base_frequency) {
  Moment moment;
  moment.waveform = std::move(waveform);
  moment.base_frequency = base_frequency;
  return moment;
}

TEST(CurrentChanges, OfASinglePulseHaveNoJumpsAtItsEnds) {
  EXPECT_THAT(current_changes(moment_with({{-2, -1, 0}, {4, 8, 4}}, {})),
              ElementsAre(Change{-2, -1, 0.5}, Change{-1, 0, -0.5}));
}

TEST(CurrentChanges, OfAStepOffAreOneStep) {
  EXPECT_THAT(current_changes(moment_with({}, {})), ElementsAre(Change{0, 0, -1}));
  EXPECT_THAT(current_changes(moment_with({}, 0.125)), ElementsAre(Change{0, 0, -1}));
}

TEST(CurrentChanges, OfATrainBeginAndEndAtNoCurrent) {
  EXPECT_THAT(current_changes(moment_with({{-2, -1, 0}, {4, 8, 4}}, 0.125)),
              ElementsAre(Change{-2, -2, 0.5}, Change{-2, -1, 0.5}, Change{-1, 0, -0.5},
                          Change{0, 0, -0.5}));
  EXPECT_THAT(current_changes(moment_with({{-2, 0}, {3, 3}}, 0.125)),
              ElementsAre(Change{-2, -2, 1}, Change{0, 0, -1}));
}

TEST(CurrentChanges, OfPulsesThatMeetAreOneJumpBetweenThem) {
  EXPECT_THAT(current_changes(moment_with({{-4, 0}, {1, 1}}, 0.125)),
              ElementsAre(Change{-4, -4, 2}));
  EXPECT_THAT(current_changes(moment_with({{-4, 0}, {-1, 1}}, 0.125)),
              ElementsAre(Change{-4, 0, 2}));
  EXPECT_THAT(current_changes(moment_with({{-4, -1, 0}, {0, 1, 0}}, 0.125)),
              ElementsAre(Change{-4, -1, 1}, Change{-1, 0, -1}));
}

TEST(LastPulse, IsTheOneThatBeganLast) {
  const auto moment = moment_with({{-2, -1}, {1, 1}}, 0.125);
  EXPECT_EQ(last_pulse_before(moment, 1.0), 0.0);
  EXPECT_EQ(last_pulse_before(moment, 2.0), 0.0) << "the next one begins then";
  EXPECT_EQ(last_pulse_before(moment, 2.1), 1.0);
  EXPECT_EQ(last_pulse_before(moment_with({{7, 8}, {1, 1}}, 0.125), 2.0), -2.0);
  EXPECT_EQ(last_pulse_before(moment_with({{7, 8}, {1, 0}}, {}), 2.0), 0.0);
}

TEST(LastChange, IsTheEndOfWhatChangedTheCurrentLast) {
  EXPECT_EQ(last_change(moment_with({}, {}), 3.0), 0.0);
  const Waveform ramps{{-2, -1, 0, 0.5}, {0, 1, 1, 0}};
  EXPECT_EQ(last_change(moment_with(ramps, {}), 3.0), 0.5);
  EXPECT_EQ(last_change(moment_with(ramps, {}), 0.4), -1.0);
  EXPECT_EQ(last_change(moment_with(ramps, 0.125), 1.9), 0.5);
  EXPECT_EQ(last_change(moment_with(ramps, 0.125), 3.5), 3.0) << "the next pulse is up since then";
}

TEST(LastChange, MayBeAJumpAtTheEndOfAPulse) {
  EXPECT_EQ(last_change(moment_with({{-2, -1, 0}, {0, 1, 1}}, {}), 1.0), -1.0);
  EXPECT_EQ(last_change(moment_with({{-2, -1, 0}, {0, 1, 1}}, 0.125), 1.0), 0.0);
}

}  // namespace
}  // namespace stratem::core
