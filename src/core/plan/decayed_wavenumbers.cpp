#include "core/plan/decayed_wavenumbers.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace stratem::core {
namespace {

/// Largest ratio of the times of a part's gates. Wavenumbers that have decayed at a part's last
/// gate but not at its first stay in its sums. They add rounding errors, which grow with this
/// ratio.
constexpr double part_ratio = 5.0;

}  // namespace

PlanWindow without_decayed(const PlanWindow& window, const std::vector<double>& times,
                           double exponent) {
  PlanWindow parted = window;
  parted.weight.clear();
  parted.shortest_decay.clear();
  for (std::size_t g = 0; g < window.weight.size(); ++g) {
    double first = 0.0;  // time of the part's first gate
    for (std::size_t i = 0; i < window.rows.size(); ++i) {
      if (window.rows[i].geometry != static_cast<std::int64_t>(g)) continue;
      const double time = times[static_cast<std::size_t>(window.rows[i].gate)];
      if (first == 0.0 || time >= part_ratio * first) {
        first = time;
        parted.weight.push_back(window.weight[g]);
        parted.shortest_decay.push_back(first / exponent);
      }
      parted.rows[i].geometry = std::ssize(parted.weight) - 1;
    }
  }
  return parted;
}

}  // namespace stratem::core
