// Ensemble statistics of responses, gate by gate over the models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stratem/models.hpp"
#include "stratem/views.hpp"

namespace stratem {

/// Statistics per gate over the models whose status is Status::ok; NaN where there is none.
struct ResponseStatistics {
  std::int64_t models = 0;  ///< all models of the ensemble
  std::int64_t failed = 0;  ///< those left out because their status is not Status::ok
  std::int64_t gates = 0;
  std::vector<double> percentiles;  ///< as asked for, 0 .. 100
  std::vector<double> percentile;   ///< [percentiles, gates], row-major
  std::vector<double> mean;         ///< [gates]
  /// [gates], about the mean, divided by the number of models counted.
  std::vector<double> standard_deviation;

  double operator()(std::int64_t rank, std::int64_t gate) const {
    return percentile[static_cast<std::size_t>(rank * gates + gate)];
  }
};

/// Statistics of responses [models, gates] with a status per model [models].
/// A percentile p of n sorted values is the linear interpolation at index p / 100 (n - 1), the
/// first value having index 0 (definition 7 of Hyndman and Fan, 1996; the default of numpy). Exact:
/// nothing is binned. Throws InputError on shapes that do not fit, no percentile, or one outside 0
/// .. 100. Cost: one sort of the models per gate; memory: one column of the responses. Thread-safe.
ResponseStatistics statistics(const MatrixView<const double>& response,
                              const VectorView<const Status>& status,
                              std::span<const double> percentiles);

}  // namespace stratem
