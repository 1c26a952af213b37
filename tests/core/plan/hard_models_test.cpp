// Which models are added to the ensembles because two rules differ in them.
#include "core/plan/hard_models.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace stratem {
namespace {

using Numbers = std::vector<std::int64_t>;

/// A window of two gates.
Responses responses_of(std::vector<double> values) {
  Responses responses(std::ssize(values) / 2, 2);
  responses.response = std::move(values);
  return responses;
}

TEST(HardModels, AreThoseOfTheLargestDifferenceByTheSize) {
  const Responses one = responses_of({1.0, 1e-3, -2.0, 1e-3, 4.0, 1e-3});
  const Responses other = responses_of({1.1, 1e-3, -2.4, 1e-3, 4.3, 2e-3});
  // At the first gate the differences are 0.1, 0.2 and 0.3/4; at the second 0, 0 and 0.5.
  const std::vector<double> size{1.0, 1e-3, 2.0, 1e-3, 4.0, 2e-3};
  EXPECT_EQ(core::hard_models(one, other, size, {{0}}, 1), Numbers({1}));
  EXPECT_EQ(core::hard_models(one, other, size, {{0}}, 2), Numbers({0, 1}));
  EXPECT_EQ(core::hard_models(one, other, size, {{0, 1}}, 1), Numbers({2}));
  EXPECT_EQ(core::hard_models(one, other, size, {{0}}, 9), Numbers({0, 1, 2}));
}

TEST(HardModels, AreChosenInEachWindowAndNamedOnce) {
  const Responses one = responses_of({1.0, 1.0, 1.0, 1.0, 1.0, 1.0});
  const Responses other = responses_of({1.1, 1.0, 1.0, 1.3, 1.2, 1.4});
  const std::vector<double> size(6, 1.0);
  EXPECT_EQ(core::hard_models(one, other, size, {{0}, {1}}, 1), Numbers({2}));
  EXPECT_EQ(core::hard_models(one, other, size, {{1}, {0}}, 2), Numbers({0, 1, 2}));
}

}  // namespace
}  // namespace stratem
