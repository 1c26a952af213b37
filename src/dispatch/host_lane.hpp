// The host's own cores as one more lane.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "dispatch/evaluator.hpp"
#include "dispatch/lane.hpp"

namespace stratem::dispatch {

/// An evaluator with threads of its own, asked for one batch after another.
class HostLane final : public Lane {
 public:
  HostLane(std::shared_ptr<const Evaluator> evaluator, int threads)
      : evaluator_(std::move(evaluator)), threads_(threads) {}

  void compute(const ModelBatch& models, const ResponseView& responses) override {
    evaluator_->forward(models, responses);
  }
  BatchSizes batch_sizes(std::int64_t) const override {
    constexpr std::int64_t per_thread = 64;  // a few vectors for each to choose from
    constexpr std::int64_t usual = 65536;
    return {per_thread * threads_, usual, std::numeric_limits<std::int64_t>::max()};
  }

 private:
  std::shared_ptr<const Evaluator> evaluator_;
  std::int64_t threads_;
};

}  // namespace stratem::dispatch
