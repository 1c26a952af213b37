// Calls that take long ask whether they are to go on, and end when they are not.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>

#include "plan/plan_support.hpp"
#include "stratem/error.hpp"
#include "stratem/validate.hpp"
#include "support/systems.hpp"

namespace stratem::test {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

const Plan& quick_plan() {
  static const Plan plan(central_loop(log_times(1e-5, 1e-3, 9)), plan_options(1e-1, {10.0, 100.0}));
  return plan;
}

/// Stops a call after some seconds. Returns how long it then takes to end.
double seconds_to_end(double after, const std::function<void(const ContinueCallback&)>& call) {
  const auto start = Clock::now();
  Clock::time_point asked;
  EXPECT_THROW(call([&] {
                 asked = Clock::now();
                 return Seconds(asked - start).count() < after;
               }),
               CancelledError);
  return Seconds(Clock::now() - asked).count();
}

TEST(SearchForHardModels, EndsWithinASecondWhenItIsStopped) {
  for (const double after : {0.0, 0.3, 0.6}) {
    EXPECT_LT(seconds_to_end(after,
                             [](const ContinueCallback& go_on) {
                               quick_plan().hardest_models(10, 1, go_on);
                               FAIL() << "the search has ended before it was stopped";
                             }),
              1.0)
        << after;
  }
}

TEST(SearchForHardModels, EndsWithWhatTheCallbackThrows) {
  EXPECT_THROW(
      quick_plan().hardest_models(10, 1, []() -> bool { throw std::logic_error("of the caller"); }),
      std::logic_error);
}

TEST(SearchForHardModels, FindsTheSameModelsWatchedOrNot) {
  const auto caller = std::this_thread::get_id();
  int asked = 0;
  const ModelSet watched = quick_plan().hardest_models(5, 3, [&] {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    ++asked;
    return true;
  });
  EXPECT_GT(asked, 1);
  EXPECT_EQ(watched.resistivity, quick_plan().hardest_models(5, 3).resistivity);
}

TEST(Validation, EndsWithinASecondWhenItIsStopped) {
  const ModelSet models = validation_models(quick_plan(), 20000, 1);
  ValidationOptions options;
  options.reference_models = models.models;
  for (const double after : {0.0, 0.5, 2.0}) {
    EXPECT_LT(seconds_to_end(after,
                             [&](const ContinueCallback& go_on) {
                               validate(quick_plan(), models.view(), options, go_on);
                               FAIL() << "the validation has ended before it was stopped";
                             }),
              1.0)
        << after;
  }
}

}  // namespace
}  // namespace stratem::test
