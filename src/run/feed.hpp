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

/// The models first, first + 1, ... on their way to be computed.
struct ModelsOnTheirWay {
  std::int64_t first = 0;
  ModelSet models;
};

/// Reads in a thread of its own, chooses how many models a batch has and tells how far it is. One
/// thread calls all but stop().
class Feed {
 public:
  /// What is done with a batch, within its time; returns how its models fared.
  using Compute = std::function<StatusCounts(const ModelsOnTheirWay&)>;

  /// `numbers` are those held for a model beside its own. Throws InputError if the options are not
  /// allowed.
  Feed(const ModelSource& source, RunOptions options, std::int64_t numbers);

  /// Computes all models. Returns what the source, the callback or `compute` threw, the first in
  /// the order of models: it ends the run.
  std::exception_ptr run(const Compute& compute);
  /// No more batches, from any thread.
  void stop() { stop_ = true; }
  /// Of what has been computed so far.
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
