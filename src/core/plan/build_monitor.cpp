#include "core/plan/build_monitor.hpp"

#include <algorithm>

#include "stratem/error.hpp"

namespace stratem::core {

const BuildMonitor& BuildMonitor::unwatched() {
  static const BuildMonitor monitor;
  return monitor;
}

void BuildMonitor::checkpoint() const {
  if (cancelled_.load(std::memory_order_relaxed)) {
    throw CancelledError("cancelled by the callback");
  }
}

double BuildMonitor::fraction() const {
  const int finished = finished_;
  return static_cast<double>(finished) / std::max(finished + 1, expected_.load());
}

}  // namespace stratem::core
