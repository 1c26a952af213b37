#include "dispatch/fake_devices.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <thread>

#include "core/earth/model_outcome.hpp"

namespace stratem::test {

ModelSet numbered_models(std::int64_t count) {
  ModelSet models;
  models.models = count;
  models.layers = 2;
  for (std::int64_t m = 0; m < count; ++m) {
    models.resistivity.push_back(static_cast<double>(m + 1));
    models.resistivity.push_back(100.0);
    models.thickness.push_back(10.0);
  }
  return models;
}

void Ledger::record(const ModelBatch& models) {
  for (std::int64_t m = 0; m < models.models; ++m) {
    ++times_.at(static_cast<std::size_t>(models.resistivity(m, 0)) - 1);
  }
}

bool Ledger::once_each() const {
  return std::ranges::all_of(times_, [](const std::atomic<int>& times) { return times == 1; });
}

std::int64_t Ledger::total() const {
  std::int64_t sum = 0;
  for (const auto& times : times_) sum += times;
  return sum;
}

void Formula::forward(const ModelBatch& models, const ResponseView& responses) const {
  if (per_model_.count() > 0) std::this_thread::sleep_for(per_model_ * models.models);
  for (std::int64_t m = 0; m < models.models; ++m) {
    const double number = models.resistivity(m, 0);
    if (static_cast<std::int64_t>(number) % 7 == 0) {
      core::mark_failed(responses, m, Status::bad_depth);
      continue;
    }
    responses.status[m] = Status::ok;
    for (std::int64_t gate = 0; gate < responses.response.columns(); ++gate) {
      responses.response(m, gate) = number + static_cast<double>(gate) / 8.0;
    }
  }
  if (ledger_ != nullptr) ledger_->record(models);
}

namespace {

void throw_if(Event event) {
  switch (event) {
    case Event::none:
      return;
    case Event::out_of_memory:
      throw core::OutOfDeviceMemory("out of memory");
    case Event::lost:
      throw DeviceError("the device was lost");
    case Event::failed:
      throw DeviceError("a call failed");
    case Event::fault:
      throw std::runtime_error("a fault of the program");
  }
}

}  // namespace

/// The counts of a fake device, which are lost with it.
class FakeCounters final : public core::Counters {
 public:
  explicit FakeCounters(FakeDevice& device) : device_(device) {}

  void start() override {
    const std::lock_guard lock(mutex_);
    started_ = true;
    histograms_ = core::ResponseHistograms(fake_gates);
  }
  void collect(core::ResponseHistograms& to) override {
    throw_if(device_.next_event(device_.collection_script_, device_.collections_, 0));
    const std::lock_guard lock(mutex_);
    started_ = false;
    to.add(histograms_);
  }
  void add(const Responses& responses) {
    const std::lock_guard lock(mutex_);
    if (!started_) throw std::logic_error("counted in counters that were not started");
    histograms_.add({responses.response.data(), responses.models, responses.gates},
                    {responses.status.data(), responses.models});
  }

 private:
  FakeDevice& device_;
  std::mutex mutex_;
  bool started_ = false;
  core::ResponseHistograms histograms_{fake_gates};
};

/// One worker of a fake device.
class FakeWorker final : public core::Worker {
 public:
  FakeWorker(FakeDevice& device, FakeCounters& counters, core::BatchSizes sizes,
             std::chrono::microseconds per_model)
      : device_(device), counters_(counters), sizes_(sizes), per_model_(per_model) {}

  void compute(const ModelBatch& models, const ResponseView& responses) override {
    work(models, [&] { device_.compute(models, responses); });
  }
  void accumulate(const ModelBatch& models, const VectorView<Status>& status) override {
    work(models, [&] { device_.accumulate(models, status, counters_); });
  }
  core::BatchSizes batch_sizes(std::int64_t) const override { return sizes_; }

 private:
  template <class Work>
  void work(const ModelBatch& models, const Work& on_device) {
    if (busy_.exchange(true)) throw std::logic_error("two threads in one worker");
    if (models.models < 1 || models.models > sizes_.most) throw std::logic_error("batch size");
    if (per_model_.count() > 0) std::this_thread::sleep_for(per_model_ * models.models);
    try {
      on_device();
    } catch (...) {
      busy_ = false;
      throw;
    }
    busy_ = false;
  }

  FakeDevice& device_;
  FakeCounters& counters_;
  core::BatchSizes sizes_;
  std::chrono::microseconds per_model_;
  std::atomic<bool> busy_{false};
};

core::ComputeDevice FakeDevice::device(const std::string& name, int workers, core::BatchSizes sizes,
                                       std::chrono::microseconds per_model) {
  core::ComputeDevice device;
  device.name = name;
  auto counters = std::make_unique<FakeCounters>(*this);
  for (int i = 0; i < workers; ++i) {
    device.workers.push_back(std::make_unique<FakeWorker>(*this, *counters, sizes, per_model));
  }
  device.counters = std::move(counters);
  return device;
}

Event FakeDevice::next_event(const Script& script, std::atomic<std::int64_t>& count,
                             std::int64_t models) {
  const std::lock_guard lock(mutex_);
  const std::int64_t attempt = count++;
  if (lost_) return Event::lost;
  const Event event = script ? script(attempt, models) : Event::none;
  lost_ = event == Event::lost;
  return event;
}

void FakeDevice::compute(const ModelBatch& models, const ResponseView& responses) {
  const Event event = next_event(script_, attempts_, models.models);
  if (event != Event::none) {
    // A failure in the middle of a batch leaves half of the rows written.
    for (std::int64_t m = 0; m < models.models; m += 2) {
      core::mark_failed(responses, m, Status::failed);
    }
  }
  throw_if(event);
  evaluator_->forward(models, responses);
  done(models.models);
}

void FakeDevice::accumulate(const ModelBatch& models, const VectorView<Status>& status,
                            FakeCounters& counters) {
  const Event event = next_event(script_, attempts_, models.models);
  if (event == Event::out_of_memory) throw_if(event);
  // Other failures leave a part of the batch counted.
  const std::int64_t count = event == Event::none ? models.models : (models.models + 1) / 2;
  Responses responses(count, fake_gates);
  if (event == Event::none) evaluator_->forward(models, responses.view());
  counters.add(responses);
  throw_if(event);
  for (std::int64_t m = 0; m < count; ++m) {
    status[m] = responses.status[static_cast<std::size_t>(m)];
  }
  done(count);
}

void FakeDevice::done(std::int64_t models) {
  models_done_ += models;
  std::int64_t largest = largest_batch_;
  while (largest < models && !largest_batch_.compare_exchange_weak(largest, models)) {
  }
}

std::int64_t whole(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

core::ComputeDevice random_device(FakeDevice& device, Random& random) {
  const std::int64_t most = whole(random, 1, 500);
  const core::BatchSizes sizes{whole(random, 1, most), whole(random, 1, most), most};
  const auto workers = static_cast<int>(whole(random, 1, 4));
  return device.device("fake", workers, sizes, std::chrono::microseconds(whole(random, 0, 2)));
}

}  // namespace stratem::test
