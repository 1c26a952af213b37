// Compares loops, receivers and components with each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/systems.hpp"

namespace stratem {
namespace {

using std::numbers::pi;

/// A regular polygon of the same area as a circle.
Polygon regular_polygon(double radius, int corners) {
  const double angle = 2.0 * pi / corners;
  const double r = radius * std::sqrt(angle / std::sin(angle));
  Polygon polygon;
  for (int i = 0; i < corners; ++i) {
    polygon.vertices.push_back({r * std::cos(angle * (i + 0.3)), r * std::sin(angle * (i + 0.3))});
  }
  return polygon;
}

class Geometry : public testing::Test {
 private:
  /// References to the first element stay valid when a test adds a second one.
  template <class T>
  static std::vector<T>& reserved(std::vector<T>& items) {
    items.reserve(2);
    return items;
  }

 protected:
  System system_ = test::central_loop(test::log_times(1e-5, 1e-2, 7));
  Moment& moment_ = reserved(system_.moments)[0];
  Transmitter& transmitter_ = reserved(moment_.transmitters)[0];
  Receiver& receiver_ = reserved(moment_.receivers)[0];
  ModelSet model_ = test::layered({100.0, 10.0, 50.0}, {30.0, 70.0});

  std::vector<double> response() const { return test::reference_response(system_, model_); }
};

TEST_F(Geometry, PolygonOfManySidesIsACircle) {
  for (const Component component : {Component::x, Component::y, Component::z}) {
    receiver_.component = component;
    receiver_.position = {23.0, -11.0};
    transmitter_.loop = Circle{10.0};
    const auto circle = response();
    // The difference falls with the fourth power of the side's angle.
    transmitter_.loop = regular_polygon(10.0, 72);
    EXPECT_LT(test::worst_relative(response(), circle), 1e-5);
  }
}

TEST_F(Geometry, PolygonsDirectionDoesNotMatter) {
  Polygon square{{{-20, -20}, {20, -20}, {20, 20}, {-20, 20}}};
  transmitter_.loop = square;
  const auto counter_clockwise = response();
  std::ranges::reverse(square.vertices);
  transmitter_.loop = square;
  EXPECT_LT(test::worst_relative(response(), counter_clockwise), 1e-13);
}

TEST_F(Geometry, TwoHalvesOfALoopMakeTheWhole) {
  receiver_.position = {13.0, 7.0};
  for (const Component component : {Component::x, Component::z}) {
    receiver_.component = component;
    moment_.transmitters.resize(1);
    transmitter_.loop = Polygon{{{-20, -20}, {20, -20}, {20, 20}, {-20, 20}}};
    const auto whole = response();
    Transmitter right = transmitter_;
    moment_.transmitters[0].loop = Polygon{{{-20, -20}, {0, -20}, {5, 20}, {-20, 20}}};
    right.loop = Polygon{{{0, -20}, {20, -20}, {20, 20}, {5, 20}}};
    moment_.transmitters.push_back(right);
    EXPECT_LT(test::worst_relative(response(), whole), 1e-11);
  }
}

TEST_F(Geometry, SmallLoopIsADipole) {
  for (const Component component : {Component::x, Component::z}) {
    receiver_.component = component;
    receiver_.position = {25.0, 40.0};
    transmitter_.loop = Dipole{};
    const auto dipole = response();
    transmitter_.loop = Circle{0.01};
    auto circle = response();
    for (auto& value : circle) value /= pi * 1e-4;
    EXPECT_LT(test::worst_relative(circle, dipole), 1e-6);
  }
}

TEST_F(Geometry, RadialFieldTurnsWithTheReceiver) {
  receiver_.component = Component::x;
  receiver_.position = {30.0, 0.0};
  const auto radial = response();
  receiver_.position = {18.0, 24.0};
  const auto x = response();
  receiver_.component = Component::y;
  const auto y = response();
  for (std::size_t g = 0; g < radial.size(); ++g) {
    EXPECT_NEAR(x[g], 0.6 * radial[g], 1e-12 * std::abs(radial[g]));
    EXPECT_NEAR(y[g], 0.8 * radial[g], 1e-12 * std::abs(radial[g]));
  }
}

TEST_F(Geometry, RadialFieldPointsOutwardLikeThatOfAnUpwardMomentInTheGround) {
  receiver_.component = Component::x;
  receiver_.position = {30.0, 0.0};
  EXPECT_GT(response().back(), 0.0);
}

TEST_F(Geometry, FieldHasNoDivergence) {
  // d(Br r)/dr / r = -dBz/dz, and B depends on the sum of heights alone: a check of x against z.
  const double r = 30.0;
  const double step = 0.01;
  receiver_.component = Component::x;
  receiver_.position = {r + step, 0.0};
  const auto outer = response();
  receiver_.position = {r - step, 0.0};
  const auto inner = response();
  receiver_.component = Component::z;
  receiver_.position = {r, 0.0};
  receiver_.height = 1.0 + step;
  const auto upper = response();
  receiver_.height = 1.0 - step;
  const auto lower = response();
  for (std::size_t g = 0; g < outer.size(); ++g) {
    const double radial = ((r + step) * outer[g] - (r - step) * inner[g]) / r;
    const double vertical = upper[g] - lower[g];
    EXPECT_NEAR(radial / -vertical, 1.0, 1e-4) << g;
  }
}

TEST_F(Geometry, HeightOfAModelMovesTransmitterAndReceiver) {
  transmitter_.height = 30.0;
  receiver_.height = 32.0;
  model_.height = {43.5};
  const auto moved = response();
  model_.height.clear();
  transmitter_.height = 43.5;
  receiver_.height = 45.5;
  EXPECT_LT(test::worst_relative(moved, response()), 1e-10);
}

TEST_F(Geometry, PolarityTurnsAndNormalizationScaleTheResponse) {
  const auto plain = response();
  transmitter_.turns = 4.0;
  transmitter_.polarity = -1;
  auto scaled = response();
  for (std::size_t g = 0; g < plain.size(); ++g) EXPECT_DOUBLE_EQ(scaled[g], -4.0 * plain[g]);
  system_.normalization = Normalization::moment;
  scaled = response();
  for (std::size_t g = 0; g < plain.size(); ++g) {
    EXPECT_NEAR(scaled[g] * pi * 100.0 / plain[g], 1.0, 1e-12);
  }
  moment_.scale = 1e15;
  const auto in_other_units = response();
  for (std::size_t g = 0; g < plain.size(); ++g) {
    EXPECT_NEAR(in_other_units[g] / scaled[g], 1e15, 1e3);
  }
}

TEST_F(Geometry, MomentsThatShareTheirLoopAreWhatTheyAreAlone) {
  Moment second = moment_;
  second.transmitters[0].turns = 12.0;
  second.scale = 0.5;
  second.low_pass = {{2e4, 1, {}}};
  second.waveform = {{-3e-4, -1e-4, -5e-6}, {0.0, 1.0, 0.0}};
  second.gates = test::log_times(3e-6, 3e-3, 5);
  const auto first_alone = response();
  System other = system_;
  other.moments = {second};
  const auto second_alone = test::reference_response(other, model_);

  auto expected = first_alone;
  expected.insert(expected.end(), second_alone.begin(), second_alone.end());
  for (const auto normalization : {Normalization::current, Normalization::moment}) {
    system_.moments.resize(1);
    system_.moments.push_back(second);
    system_.normalization = normalization;
    auto together = response();
    // Both loops have an area of 100 pi m^2, the second one 12 turns.
    for (std::size_t g = 0; g < together.size() && normalization == Normalization::moment; ++g) {
      together[g] *= pi * 100.0 * (g < first_alone.size() ? 1.0 : 12.0);
    }
    EXPECT_LT(test::worst_relative(together, expected), 1e-9);
  }
}

TEST_F(Geometry, GradientReceiverIsADifference) {
  receiver_.position = {0.0, 0.0};
  const auto centre = response();
  receiver_.position = {20.0, 0.0};
  const auto outside = response();
  Receiver second = receiver_;
  second.position = {0.0, 0.0};
  second.polarity = -1;
  moment_.receivers.push_back(second);
  const auto gradient = response();
  for (std::size_t g = 0; g < centre.size(); ++g) {
    EXPECT_NEAR(gradient[g], outside[g] - centre[g], 1e-11 * std::abs(centre[g]));
  }
}

}  // namespace
}  // namespace stratem
