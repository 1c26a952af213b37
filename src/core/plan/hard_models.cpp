#include "core/plan/hard_models.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace stratem::core {

std::vector<std::int64_t> hard_models(const Responses& one, const Responses& other,
                                      const std::vector<double>& size,
                                      const std::vector<std::vector<std::int64_t>>& windows,
                                      std::ptrdiff_t count) {
  std::vector<std::int64_t> chosen;
  for (const auto& window : windows) {
    std::vector<std::pair<double, std::int64_t>> differences;
    for (std::int64_t m = 0; m < one.models; ++m) {
      double largest = 0.0;
      for (const std::int64_t gate : window) {
        const auto i = static_cast<std::size_t>(m * one.gates + gate);
        largest = std::max(largest, std::abs(one.response[i] - other.response[i]) / size[i]);
      }
      differences.emplace_back(largest, m);
    }
    const auto end = differences.begin() + std::min(count, std::ssize(differences));
    std::ranges::partial_sort(differences, end, std::ranges::greater());
    std::for_each(differences.begin(), end,
                  [&](const auto& difference) { chosen.push_back(difference.second); });
  }
  std::ranges::sort(chosen);
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

}  // namespace stratem::core
