// Log-spaced grids.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace stratem::core {

/// `count` >= 2 values from first to last, both included.
inline std::vector<double> log_grid(double first, double last, int count) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    values.push_back(first * std::pow(last / first, static_cast<double>(i) / (count - 1)));
  }
  return values;
}

/// At least `per_decade` values a decade.
inline std::vector<double> log_grid_per_decade(double first, double last, double per_decade) {
  return log_grid(first, last,
                  2 + static_cast<int>(std::ceil(std::log10(last / first) * per_decade)));
}

}  // namespace stratem::core
