#include "dispatch/fake_devices.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <thread>

#include "core/model_outcome.hpp"

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

/// One lane of a fake device.
class FakeLane final : public dispatch::Lane {
 public:
  FakeLane(FakeDevice& device, dispatch::BatchSizes sizes, std::chrono::microseconds per_model)
      : device_(device), sizes_(sizes), per_model_(per_model) {}

  void compute(const ModelBatch& models, const ResponseView& responses) override {
    if (busy_.exchange(true)) throw std::logic_error("two threads in one lane");
    if (models.models < 1 || models.models > sizes_.most) throw std::logic_error("batch size");
    if (per_model_.count() > 0) std::this_thread::sleep_for(per_model_ * models.models);
    try {
      device_.compute(models, responses);
    } catch (...) {
      busy_ = false;
      throw;
    }
    busy_ = false;
  }
  dispatch::BatchSizes batch_sizes(std::int64_t) const override { return sizes_; }

 private:
  FakeDevice& device_;
  dispatch::BatchSizes sizes_;
  std::chrono::microseconds per_model_;
  std::atomic<bool> busy_{false};
};

dispatch::Place FakeDevice::place(const std::string& name, int lanes, dispatch::BatchSizes sizes,
                                  std::chrono::microseconds per_model) {
  dispatch::Place place{name, {}};
  for (int i = 0; i < lanes; ++i) {
    place.lanes.push_back(std::make_unique<FakeLane>(*this, sizes, per_model));
  }
  return place;
}

Event FakeDevice::next_event(std::int64_t models) {
  const std::lock_guard lock(mutex_);
  const std::int64_t attempt = attempts_++;
  if (lost_) return Event::lost;
  const Event event = script_ ? script_(attempt, models) : Event::none;
  lost_ = event == Event::lost;
  return event;
}

void FakeDevice::compute(const ModelBatch& models, const ResponseView& responses) {
  const Event event = next_event(models.models);
  if (event != Event::none) {
    // What fails in the middle leaves rows half written.
    for (std::int64_t m = 0; m < models.models; m += 2) {
      core::mark_failed(responses, m, Status::failed);
    }
  }
  switch (event) {
    case Event::none:
      break;
    case Event::out_of_memory:
      throw dispatch::OutOfDeviceMemory("out of memory");
    case Event::lost:
      throw DeviceError("the device was lost");
    case Event::fault:
      throw std::runtime_error("a fault of the program");
  }
  evaluator_->forward(models, responses);
  models_done_ += models.models;
  std::int64_t largest = largest_batch_;
  while (largest < models.models && !largest_batch_.compare_exchange_weak(largest, models.models)) {
  }
}

}  // namespace stratem::test
