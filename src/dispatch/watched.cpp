#include "dispatch/watched.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "stratem/error.hpp"

namespace stratem::dispatch {
namespace {

constexpr std::chrono::milliseconds interval{100};

/// Work in another thread, which is cancelled and waited for when this is left early.
class Worker {
 public:
  Worker(core::BuildMonitor& monitor, const std::function<void()>& work)
      : monitor_(monitor), end_(std::async(std::launch::async, work)) {}
  ~Worker() {
    if (end_.valid()) monitor_.cancel();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  bool ends_within(std::chrono::milliseconds time) const {
    return end_.wait_for(time) == std::future_status::ready;
  }
  /// Throws what the work threw.
  void end() { end_.get(); }

 private:
  core::BuildMonitor& monitor_;
  // Without a result: a shared library would show an instance of std's templates for it. Its
  // destructor waits.
  std::future<void> end_;
};

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

void ask(core::BuildMonitor& monitor, const ContinueCallback& go_on) {
  if (!go_on()) monitor.cancel();
  monitor.checkpoint();
}

}  // namespace

void watched(core::BuildMonitor& monitor, const ContinueCallback& go_on,
             const std::function<void()>& work) {
  if (!go_on) {
    work();
    return;
  }
  ask(monitor, go_on);
  Worker worker(monitor, work);
  while (!worker.ends_within(interval)) ask(monitor, go_on);
  worker.end();
}

core::BuiltPlan watched_build(const std::function<core::BuiltPlan(core::BuildMonitor&)>& build,
                              const PlanCallback& progress) {
  core::BuildMonitor monitor;
  if (!progress) return build(monitor);
  Reporter reporter(monitor, progress);
  core::BuiltPlan plan;
  watched(
      monitor, [&] { return reporter.report(monitor.fraction()); }, [&] { plan = build(monitor); });
  ask(monitor, [&] { return reporter.report(1.0); });
  return plan;
}

}  // namespace stratem::dispatch
