// Compares statistics.
#pragma once

#include <gtest/gtest.h>

#include "stratem/statistics.hpp"

namespace stratem::test {

/// Expects the same statistics except for the order of sums: means and deviations agree to a part
/// of the deviation.
inline void expect_same_statistics(const ResponseStatistics& found,
                                   const ResponseStatistics& expected, double part) {
  EXPECT_EQ(found.models, expected.models);
  EXPECT_EQ(found.failed, expected.failed);
  EXPECT_EQ(found.counted, expected.counted);
  EXPECT_EQ(found.percentile, expected.percentile);
  EXPECT_EQ(found.percentile_error, expected.percentile_error);
  for (std::size_t gate = 0; gate < found.mean.size(); ++gate) {
    const double deviation = expected.standard_deviation[gate];
    EXPECT_NEAR(found.mean[gate], expected.mean[gate], part * deviation) << gate;
    EXPECT_NEAR(found.standard_deviation[gate], deviation, part * deviation) << gate;
  }
}

}  // namespace stratem::test
