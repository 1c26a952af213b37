// Windows: groups of gates, from all moments, whose times lie close together and that share nodes.
#pragma once

#include <cstddef>
#include <vector>

#include "core/survey/geometry_group.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// Gates of a window that one geometry serves.
struct WindowGates {
  std::size_t group = 0;           ///< index among the system's geometry groups
  std::vector<std::size_t> gates;  ///< indices among all gates of the system, by time
};

struct GateWindow {
  std::vector<WindowGates> geometries;  ///< those that have gates here
  double first = 0.0, last = 0.0;       ///< times of the earliest and the latest gate, s
};

/// Cuts the times of all gates, as gate_times() gives them, into windows of equal ratio, about 1.35
/// decades wide: wider ones need more nodes than they save. Windows without gates are left out.
std::vector<GateWindow> gate_windows(const System& system,
                                     const std::vector<std::vector<GroupMember>>& groups,
                                     const std::vector<double>& times);

}  // namespace stratem::core
