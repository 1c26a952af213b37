#include "dispatch/watched_build.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "stratem/error.hpp"

namespace stratem::dispatch {
namespace {

constexpr std::chrono::milliseconds interval{100};

/// Tells the caller of the progress, whose fraction never falls.
class Reporter {
 public:
  Reporter(const core::BuildMonitor& monitor, const PlanCallback& progress)
      : monitor_(monitor), progress_(progress) {}

  /// Whether the construction is to go on.
  bool report(double fraction) {
    fraction_ = std::max(fraction_, fraction);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    return progress_({fraction_, monitor_.searches(), passed.count()});
  }

 private:
  const core::BuildMonitor& monitor_;
  const PlanCallback& progress_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double fraction_ = 0.0;
};

/// The construction, which is cancelled and waited for when this is left early.
class Construction {
 public:
  Construction(const std::function<core::BuiltPlan(core::BuildMonitor&)>& build,
               core::BuildMonitor& monitor)
      : monitor_(monitor),
        end_(std::async(std::launch::async, [this, &build] { plan_ = build(monitor_); })) {}
  ~Construction() { monitor_.cancel(); }
  Construction(const Construction&) = delete;
  Construction& operator=(const Construction&) = delete;

  bool ends_within(std::chrono::milliseconds time) const {
    return end_.wait_for(time) == std::future_status::ready;
  }
  core::BuiltPlan result() {
    end_.get();
    return std::move(plan_);
  }

 private:
  core::BuildMonitor& monitor_;
  core::BuiltPlan plan_;
  // Not a future of the plan: a shared library would show such an instance of std's templates. Its
  // destructor waits.
  std::future<void> end_;
};

}  // namespace

core::BuiltPlan watched_build(const std::function<core::BuiltPlan(core::BuildMonitor&)>& build,
                              const PlanCallback& progress) {
  core::BuildMonitor monitor;
  if (!progress) return build(monitor);
  Reporter reporter(monitor, progress);
  const auto go_on = [&](double fraction) {
    if (!reporter.report(fraction)) monitor.cancel();
    monitor.checkpoint();
  };
  go_on(0.0);
  Construction construction(build, monitor);
  while (!construction.ends_within(interval)) go_on(monitor.fraction());
  core::BuiltPlan plan = construction.result();
  go_on(1.0);
  return plan;
}

}  // namespace stratem::dispatch
