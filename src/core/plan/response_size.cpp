#include "core/plan/response_size.hpp"

#include <algorithm>
#include <cmath>

#include "core/pulse_train.hpp"

namespace stratem::core {
namespace {

constexpr double half_decade = 3.1622776601683795;

/// Whether a moment's response d is about to change sign after its last gate: where it does not,
/// its decay slows down with time, or gathers pace far more slowly than towards a zero.
bool nears_a_zero(const double* d, const double* time, std::size_t gates) {
  if (gates < 3) return false;
  const auto decay = [&](std::size_t g) {
    return std::log(std::abs(d[g - 1] / d[g])) / (time[g] - time[g - 1]);
  };
  return decay(gates - 1) > 2.0 * std::max(decay(gates - 2), 0.0);
}

}  // namespace

std::vector<double> gate_times(const System& system) {
  std::vector<double> times;
  for (const auto& moment : system.moments) {
    for (const auto& gate : moment.gates) {
      times.push_back(gate.centre() - last_change(moment, gate.open));
    }
  }
  return times;
}

std::vector<double> response_sizes(const System& system, const Responses& responses) {
  const auto times = gate_times(system);
  std::vector<double> sizes(responses.response.size());
  std::size_t first = 0;
  for (const auto& moment : system.moments) {
    const std::size_t last = first + moment.gates.size();
    for (std::int64_t m = 0; m < responses.models; ++m) {
      const double* d = &responses.response[static_cast<std::size_t>(m * responses.gates)];
      double* size = &sizes[static_cast<std::size_t>(m * responses.gates)];
      const bool zero_ahead = nears_a_zero(d + first, &times[first], moment.gates.size());
      for (std::size_t g = first; g < last; ++g) {
        double largest = 0.0;
        bool regular = !(zero_ahead && times[last - 1] <= half_decade * times[g]);
        for (std::size_t k = first; k < last; ++k) {
          const double ratio = times[k] / times[g];
          if (ratio > half_decade || ratio < 1.0 / half_decade) continue;
          largest = std::max(largest, std::abs(d[k]));
          if (d[k] * d[g] < 0.0) regular = false;
          if (times[k] > times[g] && std::abs(d[k]) > std::abs(d[g])) regular = false;
        }
        size[g] = regular ? std::abs(d[g]) : largest;
      }
    }
    first = last;
  }
  return sizes;
}

}  // namespace stratem::core
