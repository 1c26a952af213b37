// A run: any number of models, read, computed and written at the same time in bounded memory.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "stratem/model_source.hpp"
#include "stratem/plan.hpp"
#include "stratem/responses.hpp"

namespace stratem {

/// Where the responses of a run go, batch by batch.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  /// The responses of models first .. first + responses.models - 1 of the source. A run calls it
  /// from one thread, which is not the one that started it, with each model once and in order.
  virtual void write(std::int64_t first, const Responses& responses) = 0;
};

/// How many models have each status.
class StatusCounts {
 public:
  void add(Status status, std::int64_t models = 1) { counts_[index(status)] += models; }
  std::int64_t operator[](Status status) const { return counts_[index(status)]; }
  /// Models whose status is not Status::ok.
  std::int64_t failed() const {
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < counts_.size(); ++i) sum += counts_[i];
    return sum;
  }

 private:
  static std::size_t index(Status status) { return static_cast<std::uint8_t>(status); }
  std::array<std::int64_t, 256> counts_{};
};

struct RunProgress {
  std::int64_t done = 0;    ///< models computed by this run
  std::int64_t models = 0;  ///< that this run is to compute
  std::int64_t failed = 0;  ///< of those done
  double seconds = 0.0;     ///< since its start
};

struct RunOptions {
  std::int64_t first = 0;   ///< the first model of the source to compute
  std::int64_t count = -1;  ///< how many from there; -1: all
  /// Models computed at a time, at least 1; 0: as many as take a quarter of a second, within
  /// `memory`. The responses do not depend on it.
  std::int64_t batch = 0;
  /// Bytes that a batch's models and responses may take, at least one model's. Three batches are
  /// held at a time.
  std::int64_t memory = std::int64_t{32} << 20;
  /// Called by the thread that called run(), before the first batch and after each; false cancels
  /// the run: what has been computed is written.
  std::function<bool(const RunProgress&)> progress{};
};

struct RunSummary {
  std::int64_t done = 0;    ///< models computed and written
  std::int64_t models = 0;  ///< that were to be
  StatusCounts statuses;
  double seconds = 0.0;
  bool cancelled = false;
};

/// Computes models of the source and writes their responses. The next batch is read and the one
/// before is written, each by a thread of its own, while the present one is computed by all threads
/// of the plan. Throws InputError if `options` or the source's shapes are not allowed, and what the
/// source, the plan, the sink or the callback throws, if several do the one that comes first in the
/// order of models; everything before has then been written. Responses are the same to the last
/// bit, however they are cut into batches.
RunSummary run(const Plan& plan, const ModelSource& source, ResponseSink& sink,
               const RunOptions& options = {});

}  // namespace stratem
