// The threads that drive lanes, and what they share.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/backend/lane.hpp"
#include "dispatch/batch_size.hpp"
#include "dispatch/pending.hpp"

namespace stratem::dispatch {

/// One thread for every lane. It takes models from any call that has some left. When there are none
/// it waits for the next call. Thread safety: any number of threads may call at once.
class Crew {
 public:
  /// Starts the threads. `batch` is how many models a lane takes at a time; 0: chosen, see
  /// batch_size().
  Crew(std::vector<core::Place> places, std::int64_t batch);
  /// Must not run during a call.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Computes the models of a batch in its lanes. Returns the models that were not computed because
  /// no lane was left. Rethrows exceptions of a lane other than DeviceError; responses are then
  /// incomplete.
  Pending compute(const ModelBatch& models, const ResponseView& responses);
  /// Counts the responses instead, in the tallies of the places, and adds them to `digest`. If a
  /// place is given up, the models that it has counted are computed again by others and added once.
  /// Every place must have a tally. Calls wait for one another. After an exception a part may have
  /// been added.
  Pending accumulate(const ModelBatch& models, const VectorView<Status>& status,
                     core::ResponseDigest& digest);

  /// The names of the places that still compute.
  std::vector<std::string> working() const;
  /// The devices that were given up and why, a line each.
  std::vector<std::string> faults() const;

 private:
  struct Call;
  struct Worker;
  struct Outcome;

  void serve(Call& call);
  bool start_tallies();
  void collect(Call& call, core::ResponseDigest& digest);
  void drive(const std::stop_token& stop, Worker& worker);
  Call* next_call();
  std::int64_t size_for(const Worker& worker, const Call& call) const;
  void settle(Worker& worker, Call& call, const ModelSpan& span, const Outcome& outcome);
  bool works(const core::Place& place) const;
  void stop(Worker& worker, const std::string& reason);
  void give_up(const core::Place& place, const std::string& reason);
  bool any_working() const;
  bool finished(const Call& call) const;

  std::int64_t batch_;
  std::vector<core::Place> places_;
  std::mutex tallies_;        // held by the call that counts in them
  mutable std::mutex mutex_;  // guards all that follows
  std::condition_variable_any work_;
  std::condition_variable finished_;
  std::vector<Call*> calls_;  // in the order in which they are served next
  std::deque<Worker> workers_;
  std::vector<std::string> faults_;
  std::vector<std::jthread> threads_;  // the last member: its threads use the others
};

}  // namespace stratem::dispatch
