// Ensemble statistics of responses, gate by gate over the models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/views.hpp"

namespace stratem {

/// Statistics per gate over the models whose status is Status::ok and whose response is finite; NaN
/// if there is no such model.
struct ResponseStatistics {
  std::int64_t models = 0;  ///< all models of the ensemble
  std::int64_t failed = 0;  ///< those left out because their status is not Status::ok
  std::int64_t gates = 0;
  std::vector<std::int64_t> counted;  ///< [gates], models that count for a gate
  std::vector<double> percentiles;    ///< as asked for, 0 .. 100
  std::vector<double> percentile;     ///< [percentiles, gates], row-major
  /// 0: exact. Otherwise this is the largest relative error of each of the two sorted responses
  /// that a percentile lies between. It is also the largest relative error of the percentile itself
  /// where both have the same sign. The smallest and largest response are exact.
  double percentile_error = 0.0;
  std::vector<double> mean;  ///< [gates]
  /// [gates], about the mean, divided by the number of models counted.
  std::vector<double> standard_deviation;

  double operator()(std::int64_t rank, std::int64_t gate) const {
    return percentile[static_cast<std::size_t>(rank * gates + gate)];
  }
};

/// Throws InputError if there is no percentile, or one outside 0 .. 100.
STRATEM_EXPORT void check_percentiles(std::span<const double> percentiles);

/// Statistics of responses [models, gates] with a status per model [models].
/// A percentile p of n sorted values is the linear interpolation at index p / 100 (n - 1), the
/// first value having index 0 (definition 7 of Hyndman and Fan, 1996; the default of numpy). Exact:
/// nothing is binned. Throws InputError on shapes that do not fit, no percentile, or one outside 0
/// .. 100. Cost: one sort of the models per gate, gates side by side; memory: one column of the
/// responses for each thread. Thread-safe.
STRATEM_EXPORT ResponseStatistics statistics(const MatrixView<const double>& response,
                                             const VectorView<const Status>& status,
                                             std::span<const double> percentiles);

/// Statistics of responses that are added batch by batch, in bounded memory. As long as the
/// responses fit into the memory given, they are kept and the results are those of statistics().
/// Once they do not fit, they are counted in bins of sign, exponent and the first 12 binary digits;
/// Plan::accumulate() counts them on the device that computes them. Percentiles then have a
/// relative error of at most 2^-13, below 1.3e-4 (ResponseStatistics::percentile_error). Memory is
/// then 32 KiB for each gate and each power of two among its responses, usually 1 MiB a gate.
/// No result depends on the order of models nor on how they are cut into batches, to the last bit:
/// means and standard deviations are computed from exact sums. Thread safety: one thread at a time
/// for each object; several objects may be filled side by side and merged.
class STRATEM_EXPORT EnsembleStatistics {
 public:
  static constexpr std::int64_t default_memory = std::int64_t{256} << 20;

  /// `memory` in bytes, of the responses kept: 0 or above; with 0 they are counted from the start.
  /// Throws InputError naming it, or `gates` if that is below 0.
  explicit EnsembleStatistics(std::int64_t gates, std::int64_t memory = default_memory);
  ~EnsembleStatistics();
  EnsembleStatistics(EnsembleStatistics&&) noexcept;
  EnsembleStatistics& operator=(EnsembleStatistics&&) noexcept;

  /// Adds responses [models, gates] with a status per model [models]. Throws InputError on shapes
  /// that do not fit.
  void add(const MatrixView<const double>& response, const VectorView<const Status>& status);
  void add(const Responses& responses);
  /// Adds all responses of another object. Throws InputError if it has another number of gates.
  void merge(const EnsembleStatistics& other);

  std::int64_t gates() const;
  std::int64_t models() const;
  /// Throws InputError as check_percentiles() does.
  ResponseStatistics result(std::span<const double> percentiles) const;

  /// For the library's own functions only.
  struct STRATEM_HIDDEN State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace stratem
