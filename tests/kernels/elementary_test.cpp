// The kernel's own elementary functions against long double.
#include "kernels/elementary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace stratem::kernels {
namespace {

constexpr long double ulp = std::numeric_limits<double>::epsilon();
constexpr int draws = 200000;

class KernelElementary : public ::testing::Test {
 protected:
  /// 10^x of an x drawn evenly.
  double log_uniform(double low, double high) {
    return std::pow(10.0, std::uniform_real_distribution<>(low, high)(random_));
  }

  std::mt19937_64 random_{20261128};
};

TEST_F(KernelElementary, ReciprocalsAndInverseRootsAreRightToAnUlp) {
  long double reciprocal = 0.0L;
  long double root = 0.0L;
  for (int i = 0; i < draws; ++i) {
    const double x = log_uniform(-35.0, 35.0);
    const auto exact = static_cast<long double>(x);
    reciprocal = std::max(reciprocal, std::fabs(elementary::reciprocal(x) * exact - 1.0L));
    root = std::max(root, std::fabs(elementary::inverse_root(x) * std::sqrt(exact) - 1.0L));
  }
  EXPECT_LT(reciprocal, ulp);
  EXPECT_LT(root, ulp);
}

TEST_F(KernelElementary, DecaysAreRightToTwoUlpAlsoBesideOne) {
  long double decay = 0.0L;
  long double less = 0.0L;
  for (int i = 0; i < draws; ++i) {
    const double x = log_uniform(-9.0, 2.84);
    const auto exact = static_cast<long double>(x);
    const elementary::RealDecay found = elementary::real_decay(x);
    decay = std::max(decay, std::fabs(found.decay / std::exp(-exact) - 1.0L));
    less = std::max(less, std::fabs(found.less / std::expm1(-exact) - 1.0L));
  }
  EXPECT_LT(decay, 2.0L * ulp);
  EXPECT_LT(less, 2.0L * ulp);
}

TEST_F(KernelElementary, DecaysEndAtOneAndNearNothing) {
  EXPECT_EQ(elementary::real_decay(0.0).decay, 1.0);
  EXPECT_EQ(elementary::real_decay(0.0).less, 0.0);
  for (const double far : {704.0, 1e4, 1e300}) {
    EXPECT_GE(elementary::real_decay(far).decay, 0.0) << far;
    EXPECT_LT(elementary::real_decay(far).decay, 1e-300) << far;
    EXPECT_EQ(elementary::real_decay(far).less, -1.0) << far;
  }
}

TEST_F(KernelElementary, CosinesAndSinesAreRightToTwoUlpOfOneInAllQuadrants) {
  long double worst = 0.0L;
  for (int i = 0; i < draws; ++i) {
    const double y = (i % 2 == 0 ? 1.0 : -1.0) * log_uniform(-9.0, 5.0);
    const auto exact = static_cast<long double>(y);
    const elementary::CosineAndSine found = elementary::cosine_and_sine(y);
    worst = std::max({worst, std::fabs(found.cosine - std::cos(exact)),
                      std::fabs(found.sine - std::sin(exact))});
  }
  EXPECT_LT(worst, 2.0L * ulp);
  // Far out they stay on the unit circle.
  for (const double y : {1e9, -3e14}) {
    const elementary::CosineAndSine far = elementary::cosine_and_sine(y);
    EXPECT_NEAR(far.cosine * far.cosine + far.sine * far.sine, 1.0, 1e-12) << y;
  }
}

}  // namespace
}  // namespace stratem::kernels
