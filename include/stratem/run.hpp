// A run: any number of models, read, computed and written at the same time in bounded memory.
#pragma once

#include <cstdint>
#include <functional>

#include "stratem/export.hpp"
#include "stratem/model_source.hpp"
#include "stratem/plan.hpp"
#include "stratem/responses.hpp"
#include "stratem/statistics.hpp"

namespace stratem {

/// Receives the responses of a run, batch by batch.
class STRATEM_EXPORT ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  /// The responses of models first .. first + responses.models - 1 of the source. A run calls it
  /// from one thread, which is not the thread that started the run, with each model once and in
  /// order.
  virtual void write(std::int64_t first, const Responses& responses) = 0;
};

struct RunProgress {
  std::int64_t done = 0;    ///< models computed by this run
  std::int64_t models = 0;  ///< models that this run is to compute
  std::int64_t failed = 0;  ///< how many of `done` failed
  double seconds = 0.0;     ///< since its start
};

struct RunOptions {
  std::int64_t first = 0;   ///< the first model of the source to compute
  std::int64_t count = -1;  ///< how many from there; -1: all
  /// Models computed at a time, at least 1; 0: as many as take a quarter of a second, within
  /// `memory`. The responses do not depend on it.
  std::int64_t batch = 0;
  /// Bytes that a batch's models, and responses if they are written, may take, at least one
  /// model's. Three batches are held at a time.
  std::int64_t memory = std::int64_t{32} << 20;
  /// Called by the thread that called run(), before the first batch and after each batch. false
  /// cancels the run; responses that have been computed are still written.
  std::function<bool(const RunProgress&)> progress{};
};

struct RunSummary {
  std::int64_t done = 0;    ///< models computed and written, or added
  std::int64_t models = 0;  ///< models that the run was to compute
  StatusCounts statuses;
  double seconds = 0.0;
  bool cancelled = false;
};

/// Computes models of the source and writes their responses. While all threads of the plan compute
/// a batch, one more thread reads the next batch and another writes the one before. Throws
/// InputError if `options` or the source's shapes are not allowed. Rethrows exceptions of the
/// source, the plan, the sink and the callback; of several, the first in the order of models.
/// Everything before it has then been written. Responses are the same to the last bit, however they
/// are cut into batches.
STRATEM_EXPORT RunSummary run(const Plan& plan, const ModelSource& source, ResponseSink& sink,
                              const RunOptions& options = {});

/// Computes models of the source and adds their responses to `statistics`, by Plan::accumulate().
/// The next batch is read meanwhile. Throws as the other run() does, and InputError if the
/// statistics have another number of gates. If a batch fails, an unknown part of it has been added.
STRATEM_EXPORT RunSummary run(const Plan& plan, const ModelSource& source,
                              EnsembleStatistics& statistics, const RunOptions& options = {});

}  // namespace stratem
