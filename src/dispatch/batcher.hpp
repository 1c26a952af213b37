// A backend made of workers: several devices, each with several streams, and possibly the host.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/backend/evaluator.hpp"
#include "core/backend/worker.hpp"
#include "dispatch/worker_pool.hpp"

namespace stratem::dispatch {

/// Cuts the models of a call into batches. Any free worker takes the next batch and writes the
/// responses to the models' own rows. No result is lost when a device fails: a batch that does not
/// fit into its memory is cut smaller, and the batches of a failed device are computed again by
/// other workers. When no worker is left, `last_resort` computes them in the calling thread,
/// because a long run that becomes slower is better than one that ends with an error. device()
/// and faults() report this. Which worker computes a model is a matter of chance, so results are
/// bitwise the same from call to call only if all workers and the last resort give the same bits.
class Batcher final : public core::Evaluator {
 public:
  /// `batch` has the meaning of ExecutionOptions::batch.
  Batcher(std::vector<core::ComputeDevice> devices,
          std::shared_ptr<const core::Evaluator> last_resort, std::int64_t batch);

  void forward(const ModelBatch& models, const ResponseView& responses) const override;
  /// Calls wait for one another, because workers count in their device's counters.
  void accumulate(const ModelBatch& models, const VectorView<Status>& status,
                  core::ResponseHistograms& histograms) const override;
  std::string device() const override;
  DeviceFaults faults() const override;

 private:
  /// Hands the models that no worker computed to compute(span), part after part.
  template <class Compute>
  void compute_rest(WorkQueue left, const Compute& compute) const;

  std::unique_ptr<WorkerPool> pool_;
  std::shared_ptr<const core::Evaluator> last_resort_;
  mutable std::atomic<std::int64_t> by_last_resort_{0};  // models
};

}  // namespace stratem::dispatch
