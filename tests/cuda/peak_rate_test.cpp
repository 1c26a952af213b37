// Compares a device's peak with its maker's figures, and fractions of a peak with hand calculation.
#include "cuda/peak_rate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stratem::cuda {
namespace {

/// A card, and its peak in data sheets: rounded there.
struct Card {
  std::string name;
  DeviceArithmetic arithmetic;
  PeakRate published;
};

TEST(PeakRate, IsWhatDataSheetsSay) {
  const std::vector<Card> cards{
      {"P100", {{6, 0}, 56, 1.480e9}, {5.3e12, 10.6e12}},
      {"V100", {{7, 0}, 80, 1.530e9}, {7.8e12, 15.7e12}},
      {"T4", {{7, 5}, 40, 1.590e9}, {0.254e12, 8.1e12}},
      {"A100", {{8, 0}, 108, 1.410e9}, {9.7e12, 19.5e12}},
      {"RTX 3090", {{8, 6}, 82, 1.695e9}, {0.556e12, 35.6e12}},
      {"RTX 4090", {{8, 9}, 128, 2.520e9}, {1.29e12, 82.6e12}},
      {"H200", {{9, 0}, 132, 1.980e9}, {34e12, 67e12}},
      {"RTX 5090", {{12, 0}, 170, 2.407e9}, {1.64e12, 104.8e12}},
  };
  for (const auto& card : cards) {
    const auto found = peak_rate(card.arithmetic);
    ASSERT_TRUE(found) << card.name;
    EXPECT_NEAR(found->float64, card.published.float64, 0.02 * card.published.float64) << card.name;
    EXPECT_NEAR(found->float32, card.published.float32, 0.02 * card.published.float32) << card.name;
  }
}

TEST(PeakRate, IsNotGuessed) {
  EXPECT_FALSE(peak_rate({{99, 0}, 132, 1.98e9}));
  EXPECT_FALSE(peak_rate({{9, 9}, 132, 1.98e9}));
  EXPECT_FALSE(peak_rate({{9, 0}, 132, 0.0}));  // some drivers do not tell the clock
}

TEST(PeakFraction, IsTheTimeAtThePeakOfTheTimeTaken) {
  // 1,000 operations of a model at 1e9 a second, and 1,000 at 4e9, take 1.25 us.
  const PeakRate peak{1e9, 4e9};
  EXPECT_DOUBLE_EQ(peak_fraction({1000, 1000}, peak, 400000), 0.5);
  EXPECT_DOUBLE_EQ(peak_fraction({1000, 0}, peak, 400000), 0.4);
  EXPECT_DOUBLE_EQ(peak_fraction({0, 1000}, peak, 400000), 0.1);
}

}  // namespace
}  // namespace stratem::cuda
