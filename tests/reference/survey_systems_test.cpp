// Compares the reference backend on whole survey systems with Fourier series over the harmonics of
// their periodic currents (data/reference/surveys). These need no Laplace contour.
#include <gtest/gtest.h>

#include "support/reference_case.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

TEST(SurveySystems, AgreeWithFourierSeriesToOneMillionth) {
  const auto cases = test::survey_cases();
  EXPECT_EQ(cases.size(), 16U);  // four systems, four models
  for (const auto& item : cases) {
    SCOPED_TRACE(item.name);
    EXPECT_LE(
        test::worst_relative(test::reference_response(item.system, item.model), item.expected),
        1e-6);
  }
}

}  // namespace
}  // namespace stratem
