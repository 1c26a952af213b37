#include "dispatch/crew.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <utility>

namespace stratem::dispatch {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

/// One call, kept by its caller.
struct Crew::Call {
  const ModelBatch& models;
  std::function<void(core::Lane&, const ModelSpan&)> attempt;
  bool accumulates = false;
  Pending pending{models.models};
  int in_flight = 0;           // batches taken and not finished
  std::exception_ptr fault{};  // the first that ends the call
  /// The models in the tally of each place; they are nowhere else until that tally is collected.
  std::map<const core::Place*, std::vector<ModelSpan>> counted{};

  /// Models that are put back are ignored if the call has failed.
  void put_back(const ModelSpan& span) {
    if (!fault) pending.put_back(span);
  }
  void count_again(const core::Place& place) {
    for (const ModelSpan& span : std::exchange(counted[&place], {})) put_back(span);
  }
};

/// A lane, the data that its thread keeps about it, and whether it still works.
struct Crew::Worker {
  core::Lane& lane;
  const core::Place& place;
  Pace pace{};
  std::int64_t last = 0;   // models of its last batch
  std::int64_t limit = 0;  // see BatchRequest
  bool working = true;
};

/// How an attempt at a batch ended.
struct Crew::Outcome {
  enum class Kind : std::uint8_t { done, no_memory, device_failed, failed };
  Kind kind = Kind::done;
  double seconds = 0.0;
  std::string reason;
  std::exception_ptr fault;

  static Outcome of(core::Lane& lane, const Call& call, const ModelSpan& span) {
    const auto start = Clock::now();
    try {
      call.attempt(lane, span);
    } catch (const core::OutOfDeviceMemory& error) {
      return {Kind::no_memory, 0.0, error.what(), nullptr};
    } catch (const DeviceError& error) {
      return {Kind::device_failed, 0.0, error.what(), nullptr};
    } catch (...) {
      return {Kind::failed, 0.0, "", std::current_exception()};
    }
    return {Kind::done, std::chrono::duration<double>(Clock::now() - start).count(), "", nullptr};
  }
};

Crew::Crew(std::vector<core::Place> places, std::int64_t batch)
    : batch_(batch), places_(std::move(places)) {
  for (const core::Place& place : places_) {
    for (const auto& lane : place.lanes) workers_.push_back({*lane, place});
  }
  for (Worker& worker : workers_) {
    threads_.emplace_back([this, &worker](const std::stop_token& stop) { drive(stop, worker); });
  }
}

Crew::~Crew() = default;

Pending Crew::compute(const ModelBatch& models, const ResponseView& responses) {
  Call call{models, [&](core::Lane& lane, const ModelSpan& span) {
              lane.compute(models.slice(span.first, span.count),
                           {responses.response.slice(span.first, span.count),
                            responses.status.slice(span.first, span.count)});
            }};
  serve(call);
  return std::move(call.pending);
}

Pending Crew::accumulate(const ModelBatch& models, const VectorView<Status>& status,
                         core::ResponseDigest& digest) {
  const std::lock_guard turn(tallies_);
  Call call{models,
            [&](core::Lane& lane, const ModelSpan& span) {
              lane.accumulate(models.slice(span.first, span.count),
                              status.slice(span.first, span.count));
            },
            true};
  // Repeat for the models of a tally that could not be collected.
  while (!call.pending.empty() && start_tallies()) {
    serve(call);
    collect(call, digest);
  }
  return std::move(call.pending);
}

/// Waits until the call is done, or no lane is left.
void Crew::serve(Call& call) {
  std::unique_lock lock(mutex_);
  calls_.push_back(&call);
  work_.notify_all();
  finished_.wait(lock, [&] { return finished(call); });
  std::erase(calls_, &call);
  if (call.fault) std::rethrow_exception(call.fault);
}

/// Returns false if no working place is left.
bool Crew::start_tallies() {
  for (const core::Place& place : places_) {
    if (std::unique_lock lock(mutex_); !works(place)) continue;
    try {
      place.tally->start();
    } catch (const DeviceError& error) {
      const std::lock_guard lock(mutex_);
      give_up(place, error.what());
    }
  }
  const std::lock_guard lock(mutex_);
  return any_working();
}

void Crew::collect(Call& call, core::ResponseDigest& digest) {
  for (const core::Place& place : places_) {
    if (call.counted[&place].empty()) continue;
    try {
      place.tally->collect(digest);
      call.counted[&place].clear();
    } catch (const DeviceError& error) {
      const std::lock_guard lock(mutex_);
      give_up(place, error.what());
      call.count_again(place);
    }
  }
}

bool Crew::finished(const Call& call) const {
  return call.in_flight == 0 && (call.pending.empty() || !any_working());
}

bool Crew::any_working() const {
  return std::ranges::any_of(workers_, [](const Worker& worker) { return worker.working; });
}

void Crew::drive(const std::stop_token& stop, Worker& worker) {
  std::unique_lock lock(mutex_);
  while (worker.working && !stop.stop_requested()) {
    Call* call = next_call();
    if (call == nullptr) {
      work_.wait(lock, stop, [&] { return !worker.working || next_call() != nullptr; });
      continue;
    }
    const ModelSpan span = call->pending.take(size_for(worker, *call));
    ++call->in_flight;
    // The next batch goes to another call, if there is one.
    const auto served = std::ranges::find(calls_, call);
    std::rotate(served, served + 1, calls_.end());
    lock.unlock();
    const Outcome outcome = Outcome::of(worker.lane, *call, span);
    lock.lock();
    --call->in_flight;
    settle(worker, *call, span, outcome);
    if (finished(*call) || !any_working()) finished_.notify_all();
  }
}

Crew::Call* Crew::next_call() {
  const auto found =
      std::ranges::find_if(calls_, [](const Call* call) { return !call->pending.empty(); });
  return found == calls_.end() ? nullptr : *found;
}

std::int64_t Crew::size_for(const Worker& worker, const Call& call) const {
  BatchRequest request;
  request.sizes = worker.lane.batch_sizes(call.models.layers);
  request.limit = worker.limit;
  request.asked = batch_;
  request.left = call.pending.models();
  request.layers = call.models.layers;
  request.last = worker.last;
  request.pace = worker.pace.layers_per_second();
  for (const Worker& each : workers_) {
    if (!each.working) continue;
    request.all_paces += each.pace.known() ? each.pace.layers_per_second() : request.pace;
  }
  return batch_size(request);
}

void Crew::settle(Worker& worker, Call& call, const ModelSpan& span, const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::done:
      worker.pace.add(span.count, call.models.layers, outcome.seconds);
      worker.last = span.count;
      if (!call.accumulates) return;
      if (worker.working) {
        call.counted[&worker.place].push_back(span);
        return;
      }
      break;  // another lane has lost the device, and the tally with it
    case Outcome::Kind::failed:
      if (!call.fault) call.fault = outcome.fault;
      call.pending.clear();
      return;
    case Outcome::Kind::no_memory:
      worker.limit = span.count / 2;
      if (span.count == 1) stop(worker, outcome.reason);
      break;
    case Outcome::Kind::device_failed:
      give_up(worker.place, outcome.reason);
      break;
  }
  call.put_back(span);
  work_.notify_all();
}

bool Crew::works(const core::Place& place) const {
  return std::ranges::any_of(
      workers_, [&](const Worker& worker) { return &worker.place == &place && worker.working; });
}

void Crew::stop(Worker& worker, const std::string& reason) {
  // The device is not given up while other lanes of it have enough memory.
  worker.working = false;
  if (!works(worker.place)) faults_.push_back(worker.place.name + ": " + reason);
}

void Crew::give_up(const core::Place& place, const std::string& reason) {
  if (works(place)) faults_.push_back(place.name + ": " + reason);
  for (Worker& each : workers_) {
    if (&each.place == &place) each.working = false;
  }
  for (Call* call : calls_) call->count_again(place);
}

std::vector<std::string> Crew::working() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const core::Place& place : places_) {
    if (works(place)) names.push_back(place.name);
  }
  return names;
}

std::vector<std::string> Crew::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

}  // namespace stratem::dispatch
