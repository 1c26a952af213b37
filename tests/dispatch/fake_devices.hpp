// Devices that fail on request. They compute a simple formula, so that a row that was lost, mixed
// up or computed from another model shows at once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/backend/evaluator.hpp"
#include "core/backend/worker.hpp"
#include "cpu/plain_kernel.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::test {

/// `count` models of two layers; the first resistivity is the model's number + 1.
ModelSet numbered_models(std::int64_t count);

/// Number of gates of the responses that fake devices count.
inline constexpr std::int64_t fake_gates = 5;

/// How often each of the models of numbered_models() was computed to its end.
class Ledger {
 public:
  explicit Ledger(std::int64_t models) : times_(static_cast<std::size_t>(models)) {}
  void record(const ModelBatch& models);
  /// Whether each was computed once.
  bool once_each() const;
  std::int64_t total() const;

 private:
  std::vector<std::atomic<int>> times_;
};

/// Computes response(m, g) = resistivity(m, 0) + g / 8; every seventh model has a bad status and
/// NaN. Records what it did in the ledger, if there is one.
class Formula final : public core::Evaluator {
 public:
  explicit Formula(Ledger* ledger = nullptr, std::chrono::microseconds per_model = {})
      : ledger_(ledger), per_model_(per_model) {}
  void forward(const ModelBatch& models, const ResponseView& responses) const override;
  std::string device() const override { return "formula"; }

 private:
  Ledger* ledger_;
  std::chrono::microseconds per_model_;
};

/// The outcome of an attempt at a batch. A lost device fails from then on. A device that has failed
/// continues, as real devices do after some errors.
enum class Event { none, out_of_memory, lost, failed, fault };

class FakeCounters;

/// The state that the workers of one device share. Thread-safe.
class FakeDevice {
 public:
  /// Returns the outcome of the n-th attempt (from 0) at a batch on the device, with the batch's
  /// number of models.
  using Script = std::function<Event(std::int64_t attempt, std::int64_t models)>;

  /// `collections` returns the outcome of the n-th attempt to collect the device's counters.
  explicit FakeDevice(std::shared_ptr<const core::Evaluator> evaluator, Script script = {},
                      Script collections = {})
      : evaluator_(std::move(evaluator)),
        script_(std::move(script)),
        collection_script_(std::move(collections)) {}

  /// A ComputeDevice with this number of workers, each of which needs `per_model` longer than the
  /// evaluator.
  core::ComputeDevice device(const std::string& name, int workers, core::BatchSizes sizes,
                             std::chrono::microseconds per_model = {});

  /// Models that were computed, or counted even if their counts were lost later.
  std::int64_t models_done() const { return models_done_; }
  std::int64_t attempts() const { return attempts_; }
  std::int64_t collections() const { return collections_; }
  /// The largest of all batches that were done.
  std::int64_t largest_batch() const { return largest_batch_; }

 private:
  friend class FakeWorker;
  friend class FakeCounters;
  Event next_event(const Script& script, std::atomic<std::int64_t>& count, std::int64_t models);
  void compute(const ModelBatch& models, const ResponseView& responses);
  void accumulate(const ModelBatch& models, const VectorView<Status>& status,
                  FakeCounters& counters);
  void done(std::int64_t models);

  std::shared_ptr<const core::Evaluator> evaluator_;
  std::mutex mutex_;
  Script script_;
  Script collection_script_;
  bool lost_ = false;
  std::atomic<std::int64_t> attempts_{0};
  std::atomic<std::int64_t> collections_{0};
  std::atomic<std::int64_t> models_done_{0};
  std::atomic<std::int64_t> largest_batch_{0};
};

/// A random number from low to high, both included.
std::int64_t whole(Random& random, std::int64_t low, std::int64_t high);

/// A ComputeDevice of 1 to 4 workers that takes batches of up to 500 models.
core::ComputeDevice random_device(FakeDevice& device, Random& random);

}  // namespace stratem::test
