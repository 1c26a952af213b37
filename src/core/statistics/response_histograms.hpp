// Responses counted gate by gate, for statistics of more responses than fit into memory.
#pragma once

#include <cstdint>
#include <vector>

#include "core/statistics/value_histogram.hpp"
#include "stratem/models.hpp"
#include "stratem/statistics.hpp"
#include "stratem/views.hpp"

namespace stratem::core {

std::int64_t count_failed(const VectorView<const Status>& status);

/// Counts the responses of any number of models, which are added at once or in parts. Thread
/// safety: that of a standard container.
class ResponseHistograms {
 public:
  explicit ResponseHistograms(std::int64_t gates) : histograms_(static_cast<std::size_t>(gates)) {}

  std::int64_t gates() const { return static_cast<std::int64_t>(histograms_.size()); }
  std::int64_t models() const { return models_; }
  /// Models whose status is not Status::ok.
  std::int64_t failed() const { return failed_; }
  ValueHistogram& gate(std::int64_t gate) { return histograms_[static_cast<std::size_t>(gate)]; }
  const ValueHistogram& gate(std::int64_t gate) const {
    return histograms_[static_cast<std::size_t>(gate)];
  }

  /// Adds responses [models, gates] with a status per model [models], several gates side by side.
  void add(const MatrixView<const double>& response, const VectorView<const Status>& status);
  /// Adds all counts of another object with as many gates.
  void add(const ResponseHistograms& other);
  /// Adds models whose responses were counted elsewhere and are added by gate().
  void add_models(std::int64_t models, std::int64_t failed);

 private:
  std::int64_t models_ = 0;
  std::int64_t failed_ = 0;
  std::vector<ValueHistogram> histograms_;  // [gates]
};

/// The histograms that an object counts responses in; null while it keeps them.
ResponseHistograms* histograms_of(EnsembleStatistics& statistics);

}  // namespace stratem::core
