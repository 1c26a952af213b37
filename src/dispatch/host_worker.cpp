#include "dispatch/host_worker.hpp"

#include <tbb/task_arena.h>

#include <limits>
#include <utility>

namespace stratem::dispatch {
namespace {

class HostCounters final : public core::Counters {
 public:
  explicit HostCounters(std::int64_t gates) : histograms_(gates) {}

  void start() override { histograms_ = core::ResponseHistograms(histograms_.gates()); }
  void collect(core::ResponseHistograms& to) override { to.add(histograms_); }
  core::ResponseHistograms& histograms() { return histograms_; }

 private:
  core::ResponseHistograms histograms_;
};

class HostWorker final : public core::Worker {
 public:
  HostWorker(std::shared_ptr<const core::Evaluator> evaluator, int threads, HostCounters& counters)
      : evaluator_(std::move(evaluator)), threads_(threads), arena_(threads), counters_(counters) {}

  void compute(const ModelBatch& models, const ResponseView& responses) override {
    evaluator_->forward(models, responses);
  }
  void accumulate(const ModelBatch& models, const VectorView<Status>& status) override {
    arena_.execute([&] { evaluator_->accumulate(models, status, counters_.histograms()); });
  }
  core::BatchSizes batch_sizes(std::int64_t) const override {
    constexpr std::int64_t per_thread = 64;  // a few vectors for each thread
    constexpr std::int64_t usual = 65536;
    return {per_thread * threads_, usual, std::numeric_limits<std::int64_t>::max()};
  }

 private:
  std::shared_ptr<const core::Evaluator> evaluator_;
  std::int64_t threads_;
  tbb::task_arena arena_;
  HostCounters& counters_;
};

}  // namespace

core::ComputeDevice host_device(std::shared_ptr<const core::Evaluator> evaluator, int threads,
                                std::int64_t gates) {
  core::ComputeDevice device;
  device.name = evaluator->device();
  auto counters = std::make_unique<HostCounters>(gates);
  device.workers.push_back(std::make_unique<HostWorker>(std::move(evaluator), threads, *counters));
  device.counters = std::move(counters);
  return device;
}

}  // namespace stratem::dispatch
