// How the construction of a plan is watched, and stopped.
#pragma once

#include <atomic>

namespace stratem::core {

/// Counts the steps of one plan's construction, and ends it on request. All members may be called
/// from any thread.
class BuildMonitor {
 public:
  /// A monitor for constructions that nobody watches or stops.
  static const BuildMonitor& unwatched();

  void cancel() { cancelled_ = true; }
  /// Throws CancelledError after cancel(). A call is so cheap that loops may call it every
  /// millisecond.
  void checkpoint() const;

  /// Says that at least `steps` steps are still to come.
  void expect(int steps) { expected_ = finished_ + steps; }
  void finish_step() { ++finished_; }
  void finish_search() { ++searches_; }

  int searches() const { return searches_; }
  /// The fraction of the expected steps that are finished, below 1. It falls if more steps turn out
  /// to be needed.
  double fraction() const;

 private:
  std::atomic<bool> cancelled_ = false;
  std::atomic<int> finished_ = 0;
  std::atomic<int> expected_ = 0;
  std::atomic<int> searches_ = 0;
};

}  // namespace stratem::core
