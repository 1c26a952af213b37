// How the construction of a plan is watched, and stopped.
#pragma once

#include <atomic>

namespace stratem::core {

/// Counts the steps of one construction, and passes on the wish to end it. All members may be
/// called from any thread.
class BuildMonitor {
 public:
  /// Of constructions that nobody stops.
  static const BuildMonitor& unwatched();

  void cancel() { cancelled_ = true; }
  /// Throws CancelledError after cancel(). So cheap that loops of a millisecond may call it each
  /// time.
  void checkpoint() const;

  /// So many steps, at least, are still to come.
  void expect(int steps) { expected_ = finished_ + steps; }
  void finish_step() { ++finished_; }
  void finish_search() { ++searches_; }

  int searches() const { return searches_; }
  /// Steps finished, as a part of all that are expected; below 1. Falls if more turn out to be
  /// needed.
  double fraction() const;

 private:
  std::atomic<bool> cancelled_ = false;
  std::atomic<int> finished_ = 0;
  std::atomic<int> expected_ = 0;
  std::atomic<int> searches_ = 0;
};

}  // namespace stratem::core
