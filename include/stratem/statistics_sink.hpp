// Statistics of a run's responses, which are then not kept.
#pragma once

#include <cstdint>

#include "stratem/run.hpp"
#include "stratem/statistics.hpp"

namespace stratem {

/// Adds the responses of a run to statistics, which must outlive it.
class StatisticsSink final : public ResponseSink {
 public:
  explicit StatisticsSink(EnsembleStatistics& statistics) : statistics_(&statistics) {}
  void write(std::int64_t /*first*/, const Responses& responses) override {
    statistics_->add(responses);
    for (const Status status : responses.status) statuses_.add(status);
  }
  /// Of the models added by this sink.
  const StatusCounts& statuses() const { return statuses_; }

 private:
  EnsembleStatistics* statistics_;
  StatusCounts statuses_;
};

}  // namespace stratem
