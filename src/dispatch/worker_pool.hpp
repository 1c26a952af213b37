// The threads that drive workers, and what they share.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/backend/worker.hpp"
#include "dispatch/batch_size.hpp"

namespace stratem::dispatch {

/// The models first .. first + count - 1 of a call.
struct ModelSpan {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// Hands out every model once. Models that are put back are handed out again before all others. Not
/// thread-safe.
class WorkQueue {
 public:
  explicit WorkQueue(std::int64_t models);

  bool empty() const { return spans_.empty(); }
  /// Models not handed out.
  std::int64_t models() const { return models_; }

  /// The next models, at least 1 and at most `most`; possibly fewer at the end of a span. Must not
  /// be called when empty.
  ModelSpan take(std::int64_t most);
  void put_back(const ModelSpan& span);
  void clear();

 private:
  std::vector<ModelSpan> spans_;  // the last is handed out first
  std::int64_t models_ = 0;
};

/// One thread for every worker. It takes models from any call that has some left. When there are
/// none it waits for the next call. Thread safety: any number of threads may call at once.
class WorkerPool {
 public:
  /// Starts the threads. `batch` is how many models a worker takes at a time; 0: automatic, see
  /// batch_size().
  WorkerPool(std::vector<core::ComputeDevice> devices, std::int64_t batch);
  /// Must not run during a call.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Computes the models of a batch in its workers. Returns the models that were not computed
  /// because no worker was left. Rethrows exceptions of a worker other than DeviceError; responses
  /// are then incomplete.
  WorkQueue compute(const ModelBatch& models, const ResponseView& responses);
  /// Counts the responses instead, in the counters of the devices, and adds them to `histograms`.
  /// If a device is given up, the models that it has counted are computed again by others and added
  /// once. Every device must have counters. Calls wait for one another. After an exception a part
  /// may have been added.
  WorkQueue accumulate(const ModelBatch& models, const VectorView<Status>& status,
                       core::ResponseHistograms& histograms);

  /// The names of the devices that still compute.
  std::vector<std::string> working() const;
  /// The devices that were given up and why, a line each.
  std::vector<std::string> faults() const;

 private:
  struct Call;
  struct Driver;
  struct Outcome;

  void serve(Call& call);
  bool start_counters();
  void collect(Call& call, core::ResponseHistograms& histograms);
  void drive(const std::stop_token& stop, Driver& driver);
  Call* next_call();
  std::int64_t size_for(const Driver& driver, const Call& call) const;
  void settle(Driver& driver, Call& call, const ModelSpan& span, const Outcome& outcome);
  bool works(const core::ComputeDevice& device) const;
  void stop(Driver& driver, const std::string& reason);
  void give_up(const core::ComputeDevice& device, const std::string& reason);
  bool any_working() const;
  bool finished(const Call& call) const;

  std::int64_t batch_;
  std::vector<core::ComputeDevice> devices_;
  std::mutex counters_;       // held by the call that counts in them
  mutable std::mutex mutex_;  // guards all that follows
  std::condition_variable_any work_;
  std::condition_variable finished_;
  std::vector<Call*> calls_;  // in the order in which they are served next
  std::deque<Driver> drivers_;
  std::vector<std::string> faults_;
  std::vector<std::jthread> threads_;  // the last member: its threads use the others
};

}  // namespace stratem::dispatch
