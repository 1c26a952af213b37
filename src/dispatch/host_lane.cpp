#include "dispatch/host_lane.hpp"

#include <tbb/task_arena.h>

#include <limits>
#include <utility>

namespace stratem::dispatch {
namespace {

class HostTally final : public core::Tally {
 public:
  explicit HostTally(std::int64_t gates) : digest_(gates) {}

  void start() override { digest_ = core::ResponseDigest(digest_.gates()); }
  void collect(core::ResponseDigest& to) override { to.add(digest_); }
  core::ResponseDigest& digest() { return digest_; }

 private:
  core::ResponseDigest digest_;
};

class HostLane final : public core::Lane {
 public:
  HostLane(std::shared_ptr<const core::Evaluator> evaluator, int threads, HostTally& tally)
      : evaluator_(std::move(evaluator)), threads_(threads), arena_(threads), tally_(tally) {}

  void compute(const ModelBatch& models, const ResponseView& responses) override {
    evaluator_->forward(models, responses);
  }
  void accumulate(const ModelBatch& models, const VectorView<Status>& status) override {
    arena_.execute([&] { evaluator_->accumulate(models, status, tally_.digest()); });
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
  HostTally& tally_;
};

}  // namespace

core::Place host_place(std::shared_ptr<const core::Evaluator> evaluator, int threads,
                       std::int64_t gates) {
  core::Place place;
  place.name = evaluator->device();
  auto tally = std::make_unique<HostTally>(gates);
  place.lanes.push_back(std::make_unique<HostLane>(std::move(evaluator), threads, *tally));
  place.tally = std::move(tally);
  return place;
}

}  // namespace stratem::dispatch
