#include "core/plan/gate_windows.hpp"

#include <algorithm>
#include <cmath>

namespace stratem::core {
namespace {

constexpr double window_decades = 1.35;

struct GateOfGroup {
  std::size_t gate = 0;
  std::size_t group = 0;
};

std::vector<GateOfGroup> gates_by_time(const System& system,
                                       const std::vector<std::vector<GroupMember>>& groups,
                                       const std::vector<double>& times) {
  std::vector<GateOfGroup> gates;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (const auto& member : groups[group]) {
      const auto first = static_cast<std::size_t>(member.first_gate);
      const auto count = system.moments[member.moment].gates.size();
      for (std::size_t g = first; g < first + count; ++g) gates.push_back({g, group});
    }
  }
  std::ranges::sort(gates, {}, [&](const GateOfGroup& each) { return times[each.gate]; });
  return gates;
}

void add(const GateOfGroup& each, double time, GateWindow& window) {
  if (window.geometries.empty()) window.first = time;
  window.last = time;
  auto found = std::ranges::find(window.geometries, each.group, &WindowGates::group);
  if (found == window.geometries.end()) {
    found = window.geometries.insert(found, WindowGates{each.group, {}});
  }
  found->gates.push_back(each.gate);
}

}  // namespace

std::vector<GateWindow> gate_windows(const System& system,
                                     const std::vector<std::vector<GroupMember>>& groups,
                                     const std::vector<double>& times) {
  const auto gates = gates_by_time(system, groups, times);
  const double first = times[gates.front().gate];
  const double span = std::log10(times[gates.back().gate] / first);
  const int count = std::max(1, static_cast<int>(std::ceil(span / window_decades - 0.1)));
  std::vector<GateWindow> windows(static_cast<std::size_t>(count));
  for (const auto& each : gates) {
    const double time = times[each.gate];
    const double place = span > 0.0 ? std::log10(time / first) / span * count : 0.0;
    const int window = std::min(count - 1, static_cast<int>(place));
    add(each, time, windows[static_cast<std::size_t>(window)]);
  }
  std::erase_if(windows, [](const GateWindow& window) { return window.geometries.empty(); });
  return windows;
}

}  // namespace stratem::core
