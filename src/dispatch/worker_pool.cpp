#include "dispatch/worker_pool.hpp"

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
struct WorkerPool::Call {
  const ModelBatch& models;
  std::function<void(core::Worker&, const ModelSpan&)> attempt;
  bool accumulates = false;
  WorkQueue queue{models.models};
  int in_flight = 0;           // batches taken and not finished
  std::exception_ptr fault{};  // the first that ends the call
  /// The models that each device has counted. Until its counters are collected, the counts are
  /// nowhere else.
  std::map<const core::ComputeDevice*, std::vector<ModelSpan>> counted{};

  /// Models that are put back are ignored if the call has failed.
  void put_back(const ModelSpan& span) {
    if (!fault) queue.put_back(span);
  }
  void count_again(const core::ComputeDevice& device) {
    for (const ModelSpan& span : std::exchange(counted[&device], {})) put_back(span);
  }
};

/// A worker, the data that its thread keeps about it, and whether it still works.
struct WorkerPool::Driver {
  core::Worker& worker;
  const core::ComputeDevice& device;
  Pace pace{};
  std::int64_t last = 0;   // models of its last batch
  std::int64_t limit = 0;  // see BatchRequest
  bool working = true;
};

/// How an attempt at a batch ended.
struct WorkerPool::Outcome {
  enum class Kind : std::uint8_t { done, no_memory, device_failed, failed };
  Kind kind = Kind::done;
  double seconds = 0.0;
  std::string reason;
  std::exception_ptr fault;

  static Outcome of(core::Worker& worker, const Call& call, const ModelSpan& span) {
    const auto start = Clock::now();
    try {
      call.attempt(worker, span);
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

WorkerPool::WorkerPool(std::vector<core::ComputeDevice> devices, std::int64_t batch)
    : batch_(batch), devices_(std::move(devices)) {
  for (const core::ComputeDevice& device : devices_) {
    for (const auto& worker : device.workers) drivers_.push_back({*worker, device});
  }
  for (Driver& driver : drivers_) {
    threads_.emplace_back([this, &driver](const std::stop_token& stop) { drive(stop, driver); });
  }
}

WorkerPool::~WorkerPool() = default;

WorkQueue WorkerPool::compute(const ModelBatch& models, const ResponseView& responses) {
  Call call{models, [&](core::Worker& worker, const ModelSpan& span) {
              worker.compute(models.slice(span.first, span.count),
                             {responses.response.slice(span.first, span.count),
                              responses.status.slice(span.first, span.count)});
            }};
  serve(call);
  return std::move(call.queue);
}

WorkQueue WorkerPool::accumulate(const ModelBatch& models, const VectorView<Status>& status,
                                 core::ResponseHistograms& histograms) {
  const std::lock_guard turn(counters_);
  Call call{models,
            [&](core::Worker& worker, const ModelSpan& span) {
              worker.accumulate(models.slice(span.first, span.count),
                                status.slice(span.first, span.count));
            },
            true};
  // Repeat for the models of counters that could not be collected.
  while (!call.queue.empty() && start_counters()) {
    serve(call);
    collect(call, histograms);
  }
  return std::move(call.queue);
}

/// Waits until the call is done, or no worker is left.
void WorkerPool::serve(Call& call) {
  std::unique_lock lock(mutex_);
  calls_.push_back(&call);
  work_.notify_all();
  finished_.wait(lock, [&] { return finished(call); });
  std::erase(calls_, &call);
  if (call.fault) std::rethrow_exception(call.fault);
}

/// Returns false if no device still works.
bool WorkerPool::start_counters() {
  for (const core::ComputeDevice& device : devices_) {
    if (std::unique_lock lock(mutex_); !works(device)) continue;
    try {
      device.counters->start();
    } catch (const DeviceError& error) {
      const std::lock_guard lock(mutex_);
      give_up(device, error.what());
    }
  }
  const std::lock_guard lock(mutex_);
  return any_working();
}

void WorkerPool::collect(Call& call, core::ResponseHistograms& histograms) {
  for (const core::ComputeDevice& device : devices_) {
    if (call.counted[&device].empty()) continue;
    try {
      device.counters->collect(histograms);
      call.counted[&device].clear();
    } catch (const DeviceError& error) {
      const std::lock_guard lock(mutex_);
      give_up(device, error.what());
      call.count_again(device);
    }
  }
}

bool WorkerPool::finished(const Call& call) const {
  return call.in_flight == 0 && (call.queue.empty() || !any_working());
}

bool WorkerPool::any_working() const {
  return std::ranges::any_of(drivers_, [](const Driver& driver) { return driver.working; });
}

void WorkerPool::drive(const std::stop_token& stop, Driver& driver) {
  std::unique_lock lock(mutex_);
  while (driver.working && !stop.stop_requested()) {
    Call* call = next_call();
    if (call == nullptr) {
      work_.wait(lock, stop, [&] { return !driver.working || next_call() != nullptr; });
      continue;
    }
    const ModelSpan span = call->queue.take(size_for(driver, *call));
    ++call->in_flight;
    // The next batch goes to another call, if there is one.
    const auto served = std::ranges::find(calls_, call);
    std::rotate(served, served + 1, calls_.end());
    lock.unlock();
    const Outcome outcome = Outcome::of(driver.worker, *call, span);
    lock.lock();
    --call->in_flight;
    settle(driver, *call, span, outcome);
    if (finished(*call) || !any_working()) finished_.notify_all();
  }
}

WorkerPool::Call* WorkerPool::next_call() {
  const auto found =
      std::ranges::find_if(calls_, [](const Call* call) { return !call->queue.empty(); });
  return found == calls_.end() ? nullptr : *found;
}

std::int64_t WorkerPool::size_for(const Driver& driver, const Call& call) const {
  BatchRequest request;
  request.sizes = driver.worker.batch_sizes(call.models.layers);
  request.limit = driver.limit;
  request.asked = batch_;
  request.left = call.queue.models();
  request.layers = call.models.layers;
  request.last = driver.last;
  request.pace = driver.pace.layers_per_second();
  for (const Driver& each : drivers_) {
    if (!each.working) continue;
    request.all_paces += each.pace.known() ? each.pace.layers_per_second() : request.pace;
  }
  return batch_size(request);
}

void WorkerPool::settle(Driver& driver, Call& call, const ModelSpan& span, const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::done:
      driver.pace.add(span.count, call.models.layers, outcome.seconds);
      driver.last = span.count;
      if (!call.accumulates) return;
      if (driver.working) {
        call.counted[&driver.device].push_back(span);
        return;
      }
      break;  // another worker has lost the device, and the counters with it
    case Outcome::Kind::failed:
      if (!call.fault) call.fault = outcome.fault;
      call.queue.clear();
      return;
    case Outcome::Kind::no_memory:
      driver.limit = span.count / 2;
      if (span.count == 1) stop(driver, outcome.reason);
      break;
    case Outcome::Kind::device_failed:
      give_up(driver.device, outcome.reason);
      break;
  }
  call.put_back(span);
  work_.notify_all();
}

bool WorkerPool::works(const core::ComputeDevice& device) const {
  return std::ranges::any_of(
      drivers_, [&](const Driver& driver) { return &driver.device == &device && driver.working; });
}

void WorkerPool::stop(Driver& driver, const std::string& reason) {
  // The device is not given up while other workers of it have enough memory.
  driver.working = false;
  if (!works(driver.device)) faults_.push_back(driver.device.name + ": " + reason);
}

void WorkerPool::give_up(const core::ComputeDevice& device, const std::string& reason) {
  if (works(device)) faults_.push_back(device.name + ": " + reason);
  for (Driver& each : drivers_) {
    if (&each.device == &device) each.working = false;
  }
  for (Call* call : calls_) call->count_again(device);
}

std::vector<std::string> WorkerPool::working() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const core::ComputeDevice& device : devices_) {
    if (works(device)) names.push_back(device.name);
  }
  return names;
}

std::vector<std::string> WorkerPool::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

WorkQueue::WorkQueue(std::int64_t models) { put_back({0, models}); }

ModelSpan WorkQueue::take(std::int64_t most) {
  ModelSpan& next = spans_.back();
  const ModelSpan taken{next.first, std::clamp(most, std::int64_t{1}, next.count)};
  next.first += taken.count;
  next.count -= taken.count;
  if (next.count == 0) spans_.pop_back();
  models_ -= taken.count;
  return taken;
}

void WorkQueue::put_back(const ModelSpan& span) {
  if (span.count == 0) return;
  models_ += span.count;
  if (!spans_.empty() && spans_.back().first == span.first + span.count) {
    spans_.back() = {span.first, span.count + spans_.back().count};
  } else {
    spans_.push_back(span);
  }
}

void WorkQueue::clear() {
  spans_.clear();
  models_ = 0;
}

}  // namespace stratem::dispatch
