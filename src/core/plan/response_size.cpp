#include "core/plan/response_size.hpp"

#include <algorithm>
#include <cmath>

#include "core/survey/pulse_train.hpp"

namespace stratem::core {
namespace {

constexpr double half_decade = 3.1622776601683795;

/// Whether a moment's response d is about to change sign after its last gate. Otherwise its decay
/// slows down with time, or accelerates far more slowly than before a zero.
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

ResponseSizes::ResponseSizes(const System& system) : times_(gate_times(system)) {
  std::size_t first = 0;
  for (const auto& moment : system.moments) {
    first_.push_back(first);
    first += moment.gates.size();
  }
  first_.push_back(first);
  for (std::size_t moment = 0; moment + 1 < first_.size(); ++moment) {
    for (std::size_t g = first_[moment]; g < first_[moment + 1]; ++g) {
      near_.emplace_back();
      for (std::size_t k = first_[moment]; k < first_[moment + 1]; ++k) {
        const double ratio = times_[k] / times_[g];
        if (ratio <= half_decade && ratio >= 1.0 / half_decade) near_.back().push_back(k);
      }
    }
  }
}

void ResponseSizes::of_model(const double* d, double* size) const {
  for (std::size_t moment = 0; moment + 1 < first_.size(); ++moment) {
    const std::size_t first = first_[moment];
    const std::size_t last = first_[moment + 1];
    const bool zero_ahead = nears_a_zero(d + first, &times_[first], last - first);
    for (std::size_t g = first; g < last; ++g) {
      double largest = 0.0;
      bool regular = !(zero_ahead && times_[last - 1] <= half_decade * times_[g]);
      for (const std::size_t k : near_[g]) {
        largest = std::max(largest, std::abs(d[k]));
        if (d[k] * d[g] < 0.0) regular = false;
        if (times_[k] > times_[g] && std::abs(d[k]) > std::abs(d[g])) regular = false;
      }
      size[g] = regular ? std::abs(d[g]) : largest;
    }
  }
}

std::vector<double> response_sizes(const System& system, const Responses& responses) {
  const ResponseSizes sizes(system);
  std::vector<double> all(responses.response.size());
  for (std::int64_t m = 0; m < responses.models; ++m) {
    const auto row = static_cast<std::size_t>(m * responses.gates);
    sizes.of_model(&responses.response[row], &all[row]);
  }
  return all;
}

}  // namespace stratem::core
