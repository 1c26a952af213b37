#include "stratem/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>

#include "core/text.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

void check_shapes(const MatrixView<const double>& response,
                  const VectorView<const Status>& status) {
  if (response.rows() != status.size()) {
    throw InputError("statistics: responses of " + std::to_string(response.rows()) +
                     " models and the status of " + std::to_string(status.size()) +
                     ", allowed is as many of both");
  }
}

void check_percentiles(std::span<const double> percentiles) {
  if (percentiles.empty()) throw InputError("percentiles: none, allowed is one or more");
  for (const double percentile : percentiles) {
    if (!(percentile >= 0.0 && percentile <= 100.0)) {
      throw InputError("percentiles: " + core::to_text(percentile) + ", allowed is 0 to 100");
    }
  }
}

double percentile_of(const std::vector<double>& sorted, double percentile) {
  const double index = percentile / 100.0 * static_cast<double>(sorted.size() - 1);
  const double below = std::floor(index);
  const double lower = sorted[static_cast<std::size_t>(below)];
  const double upper = sorted[static_cast<std::size_t>(std::ceil(index))];
  return std::lerp(lower, upper, index - below);
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// About the mean in a second pass: the one-pass formula cancels when the spread is small.
double standard_deviation_of(const std::vector<double>& values, double mean) {
  double sum = 0.0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

std::vector<double> sorted_column(const MatrixView<const double>& response, std::int64_t gate,
                                  const VectorView<const Status>& status) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(response.rows()));
  for (std::int64_t model = 0; model < response.rows(); ++model) {
    if (status[model] == Status::ok) values.push_back(response(model, gate));
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

ResponseStatistics statistics(const MatrixView<const double>& response,
                              const VectorView<const Status>& status,
                              std::span<const double> percentiles) {
  check_shapes(response, status);
  check_percentiles(percentiles);

  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto gates = static_cast<std::size_t>(response.columns());
  ResponseStatistics result;
  result.models = response.rows();
  result.gates = response.columns();
  result.percentiles.assign(percentiles.begin(), percentiles.end());
  result.percentile.assign(percentiles.size() * gates, nan);
  result.mean.assign(gates, nan);
  result.standard_deviation.assign(gates, nan);
  for (std::int64_t model = 0; model < result.models; ++model) {
    if (status[model] != Status::ok) ++result.failed;
  }
  if (result.failed == result.models) return result;

  for (std::size_t gate = 0; gate < gates; ++gate) {
    const auto values = sorted_column(response, static_cast<std::int64_t>(gate), status);
    for (std::size_t rank = 0; rank < percentiles.size(); ++rank) {
      result.percentile[rank * gates + gate] = percentile_of(values, percentiles[rank]);
    }
    result.mean[gate] = mean_of(values);
    result.standard_deviation[gate] = standard_deviation_of(values, result.mean[gate]);
  }
  return result;
}

}  // namespace stratem
