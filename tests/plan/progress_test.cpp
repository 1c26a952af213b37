// The callback of a plan's construction.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include "stratem/error.hpp"
#include "stratem/plan.hpp"
#include "support/systems.hpp"
#include "support/temporary_folder.hpp"

namespace stratem {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

class PlanConstruction : public testing::Test {
 protected:
  /// Built in a few seconds.
  Options quick() const {
    Options options;
    options.tolerance = 1e-1;
    options.resistivity = {10.0, 100.0};
    options.cache = folder_.path().string();
    return options;
  }
  /// Takes long in all its stages.
  Options slow() const {
    Options options = quick();
    options.tolerance = 1e-5;
    options.resistivity = {0.1, 10000.0};
    return options;
  }
  bool keeps_nothing() const { return std::filesystem::is_empty(folder_.path()); }

  /// Cancels a construction after some seconds. Returns how long it then takes to end.
  static double seconds_to_end(const System& system, const Options& options, double after) {
    Clock::time_point asked;
    EXPECT_THROW(Plan(system, options,
                      [&](const PlanProgress& progress) {
                        asked = Clock::now();
                        return progress.seconds < after;
                      }),
                 CancelledError);
    return Seconds(Clock::now() - asked).count();
  }

  const System system_ = test::central_loop(test::log_times(1e-5, 1e-3, 9));

 private:
  test::TemporaryFolder folder_;
};

TEST_F(PlanConstruction, IsSeenToGrowToItsEnd) {
  std::vector<PlanProgress> seen;
  const auto caller = std::this_thread::get_id();
  const Plan plan(system_, quick(), [&](const PlanProgress& progress) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    seen.push_back(progress);
    return true;
  });
  ASSERT_GE(seen.size(), 3u);
  EXPECT_EQ(seen.front().fraction, 0.0);
  EXPECT_LT(seen[seen.size() - 2].fraction, 1.0);
  EXPECT_EQ(seen.back().fraction, 1.0);
  EXPECT_EQ(seen.back().searches, plan.accuracy().search.searches);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    EXPECT_GE(seen[i].fraction, seen[i - 1].fraction);
    EXPECT_GE(seen[i].searches, seen[i - 1].searches);
    EXPECT_GT(seen[i].seconds, seen[i - 1].seconds);
  }
}

TEST_F(PlanConstruction, MakesTheSamePlanWatchedOrNot) {
  Options options = quick();
  options.cache = "none";
  const Plan watched(system_, options, [](const PlanProgress&) { return true; });
  const Plan unwatched(system_, options);
  EXPECT_EQ(watched.accuracy().evaluations, unwatched.accuracy().evaluations);
  EXPECT_EQ(watched.accuracy().worst, unwatched.accuracy().worst);
}

TEST_F(PlanConstruction, EndsWithinASecondWhenItIsCancelled) {
  for (const double after : {0.0, 0.4, 1.0, 2.0, 4.0}) {
    EXPECT_LT(seconds_to_end(system_, slow(), after), 1.0) << after;
  }
  EXPECT_TRUE(keeps_nothing());
}

TEST_F(PlanConstruction, EndsWithinASecondForPolarizableLayersToo) {
  Options options = slow();
  options.tolerance = 1e-3;
  options.polarizable = true;
  for (const double after : {1.0, 5.0}) {
    EXPECT_LT(seconds_to_end(system_, options, after), 1.0) << after;
  }
  EXPECT_TRUE(keeps_nothing());
}

TEST_F(PlanConstruction, EndsWithWhatTheCallbackThrows) {
  EXPECT_THROW(Plan(system_, slow(),
                    [](const PlanProgress& progress) -> bool {
                      if (progress.seconds < 0.5) return true;
                      throw std::logic_error("of the caller");
                    }),
               std::logic_error);
  EXPECT_TRUE(keeps_nothing());
}

TEST_F(PlanConstruction, IsCancelledByTheLastCallToo) {
  EXPECT_THROW(
      Plan(system_, quick(), [](const PlanProgress& progress) { return progress.fraction < 1.0; }),
      CancelledError);
  EXPECT_TRUE(keeps_nothing());
}

TEST_F(PlanConstruction, CallsNobodyWhereNothingIsBuilt) {
  const auto fails = [](const PlanProgress&) -> bool { throw std::logic_error("called"); };
  const Plan built(system_, quick());
  EXPECT_TRUE(Plan(system_, quick(), fails).accuracy().from_cache);
  Options options = quick();
  options.backend = Backend::reference;
  EXPECT_EQ(Plan(system_, options, fails).backend(), Backend::reference);
}

}  // namespace
}  // namespace stratem
