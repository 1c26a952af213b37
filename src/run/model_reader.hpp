// The models of a run: read ahead, batch by batch, while those before are computed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>

#include "run/channel.hpp"
#include "stratem/model_source.hpp"
#include "stratem/run.hpp"

namespace stratem::run_stages {

/// The models first, first + 1, ..., waiting to be computed.
struct ModelsOnTheirWay {
  std::int64_t first = 0;
  ModelSet models;
};

/// Reads models in a separate thread, chooses the size of batches and reports progress. One thread
/// calls all functions except stop().
class ModelReader {
 public:
  /// Computes a batch; its time is measured. Returns how many models have each status.
  using Compute = std::function<StatusCounts(const ModelsOnTheirWay&)>;

  /// `numbers` is how many numbers are held for each model in addition to the model itself. Throws
  /// InputError if the options are not allowed.
  ModelReader(const ModelSource& source, RunOptions options, std::int64_t numbers);

  /// Computes all models. Returns the exception of the source, the callback or `compute` that ended
  /// the run, the first in the order of models.
  std::exception_ptr run(const Compute& compute);
  /// Stops further batches. May be called from any thread.
  void stop() { stop_ = true; }
  /// The summary of the models computed so far.
  RunSummary summary() const;

 private:
  void read_all();
  std::exception_ptr compute_all(const Compute& compute);
  void compute_one(const ModelsOnTheirWay& batch, const Compute& compute);
  void choose_batch(std::int64_t models, double seconds_taken);
  bool report();
  double seconds() const;

  using Clock = std::chrono::steady_clock;

  const ModelSource& source_;
  RunOptions options_;
  std::int64_t largest_batch_;
  Clock::time_point start_ = Clock::now();
  std::atomic<std::int64_t> batch_;
  std::atomic<bool> stop_ = false;
  Stream<ModelsOnTheirWay> read_{1};
  RunSummary summary_;
};

}  // namespace stratem::run_stages
