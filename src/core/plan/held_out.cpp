#include "core/plan/held_out.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stratem::core {

void HeldOut::add(const Ensemble& more, double part) {
  if (part_.empty()) {
    ensemble_ = more;
  } else {
    append(ensemble_, more);
  }
  part_.resize(static_cast<std::size_t>(ensemble_.models.models), part);
}

HeldOutErrors HeldOut::errors(const Responses& responses) const {
  const auto gates = static_cast<std::size_t>(responses.gates);
  HeldOutErrors result;
  result.of_gate.assign(gates, 0.0);
  result.needed.assign(gates, 0.0);
  std::vector<double> all;
  for (std::size_t m = 0; m < part_.size(); ++m) {
    for (std::size_t g = 0; g < gates; ++g) {
      const std::size_t i = m * gates + g;
      double error =
          std::abs(responses.response[i] - ensemble_.truth.response[i]) / ensemble_.size[i];
      if (!std::isfinite(error)) error = std::numeric_limits<double>::max();
      all.push_back(error);
      result.of_gate[g] = std::max(result.of_gate[g], error);
      result.needed[g] = std::max(result.needed[g], error / part_[m]);
      if (error > result.worst) {
        result.worst = error;
        result.worst_gate = static_cast<std::int64_t>(g);
        result.worst_model = static_cast<std::int64_t>(m);
      }
    }
  }
  if (all.empty()) return result;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle);
  result.median = *middle;
  return result;
}

}  // namespace stratem::core
