// Compares the reference backend with responses computed independently of the project
// (data/reference).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/reference_case.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

TEST(ReferenceCases, AreAllThere) {
  // 25 files; 20 of them give B as well as dB/dt.
  EXPECT_EQ(test::reference_cases().size(), 45U);
}

TEST(ReferenceCases, AreMetToOneMillionth) {
  for (const auto& item : test::reference_cases()) {
    SCOPED_TRACE(item.name);
    const auto response = test::reference_response(item.system, item.model);
    ASSERT_EQ(response.size(), item.expected.size());
    for (std::size_t g = 0; g < response.size(); ++g) {
      const double time = item.system.moments[0].gates[g].centre();
      EXPECT_NEAR(response[g] / item.expected[g], 1.0, 1e-6) << "at " << time << " s";
    }
  }
}

}  // namespace
}  // namespace stratem
