// Sums without rounding: against wide arithmetic, in any order and in any parts.
#include "core/statistics/exact_moments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace stratem::test {
namespace {

using Wide = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<4400>>;

core::Moments moments_of(const std::vector<double>& values) {
  core::Moments moments;
  for (const double value : values) moments.add(value);
  return moments;
}

/// Compares with sums of so many digits that none is rounded.
void expect_right(const std::vector<double>& values) {
  const core::Moments moments = moments_of(values);
  ASSERT_EQ(moments.count(), std::ssize(values));
  Wide sum = 0;
  for (const double value : values) sum += value;
  const Wide mean = sum / values.size();
  Wide squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  EXPECT_EQ(core::mean(moments), static_cast<double>(mean));
  const auto deviation = static_cast<double>(sqrt(Wide(squares / values.size())));
  EXPECT_DOUBLE_EQ(core::standard_deviation(moments), deviation);
}

/// Of both signs, over `decades` powers of ten.
std::vector<double> random_values(std::size_t count, double decades, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(-decades / 2.0, decades / 2.0);
  std::vector<double> values(count);
  for (double& value : values) value = std::pow(10.0, exponent(random)) * (random() % 2 ? 1 : -1);
  return values;
}

TEST(ExactMoments, AreThoseOfWideArithmetic) {
  for (const double decades : {0.0, 3.0, 30.0, 600.0}) {
    SCOPED_TRACE(decades);
    expect_right(random_values(300, decades, 1));
  }
}

TEST(ExactMoments, LoseNothingToCancellation) {
  expect_right({1e300, 1.0, -1e300});
  expect_right({1e16, 1.0, -1e16, 3.0});
  const double next = std::nextafter(1.0, 2.0);
  expect_right({1.0, next, 1.0, next, next});
}

TEST(ExactMoments, HoldAllFiniteNumbers) {
  constexpr double most = std::numeric_limits<double>::max();
  constexpr double least = std::numeric_limits<double>::denorm_min();
  expect_right({least, -3.0 * least, 0.0, -0.0, 2.5e-310});
  expect_right({most, most / 3.0, -most / 7.0});
  expect_right({most, least, -most});
  EXPECT_EQ(core::mean(moments_of({0.0, 0.0})), 0.0);
  EXPECT_EQ(core::standard_deviation(moments_of({-2.5})), 0.0);
}

TEST(ExactMoments, DependOnNoOrderAndNoParts) {
  std::vector<double> values = random_values(1000, 12.0, 2);
  const core::Moments expected = moments_of(values);
  std::shuffle(values.begin(), values.end(), std::mt19937_64(3));
  core::Moments joined;
  for (auto part = values.begin(); part < values.end(); part += 250) {
    core::ExactMoments<-242, 32> narrow;
    std::for_each(part, part + 250, [&](double value) { narrow.add(value); });
    joined.add(narrow);
  }
  EXPECT_EQ(joined.count(), expected.count());
  EXPECT_EQ(core::mean(joined), core::mean(expected));
  EXPECT_EQ(core::standard_deviation(joined), core::standard_deviation(expected));
}

/// Many large digits at the same place: carries must come in time.
TEST(ExactMoments, CarryInTime) {
  core::Moments moments;
  core::Moments part;
  const double value = -(2.0 - 0x1p-52);  // all bits set
  for (int i = 0; i < 4096; ++i) part.add(value);
  for (int i = 0; i < 22; ++i) {
    moments.add(part);
    part = moments;
  }
  EXPECT_EQ(moments.count(), std::int64_t{4096} << 21);
  EXPECT_EQ(core::mean(moments), value);
  EXPECT_EQ(core::standard_deviation(moments), 0.0);
}

}  // namespace
}  // namespace stratem::test
