// Compares statistics.
#pragma once

#include <gtest/gtest.h>

#include "stratem/statistics.hpp"

namespace stratem::test {

/// Expects the same statistics to the last bit.
inline void expect_same_statistics(const ResponseStatistics& found,
                                   const ResponseStatistics& expected) {
  EXPECT_EQ(found.models, expected.models);
  EXPECT_EQ(found.failed, expected.failed);
  EXPECT_EQ(found.counted, expected.counted);
  EXPECT_EQ(found.percentile, expected.percentile);
  EXPECT_EQ(found.percentile_error, expected.percentile_error);
  EXPECT_EQ(found.mean, expected.mean);
  EXPECT_EQ(found.standard_deviation, expected.standard_deviation);
}

}  // namespace stratem::test
