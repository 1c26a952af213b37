// Models outside the range a plan was declared for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/backend/evaluator.hpp"
#include "core/earth/declared_range.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::dispatch {

/// Wraps a fast evaluator. Models outside the declared range get Status::out_of_range and NaN, or
/// the responses that `outside` computes.
class RangeGuard final : public core::Evaluator {
 public:
  /// `outside` may be null; models out of range are then flagged.
  RangeGuard(std::unique_ptr<core::Evaluator> inside, std::unique_ptr<core::Evaluator> outside,
             const Options& options, const System& system);

  void forward(const ModelBatch& models, const ResponseView& responses) const override;
  /// Models outside the range are separated before anything is computed, because responses that
  /// have been counted cannot be removed.
  void accumulate(const ModelBatch& models, const VectorView<Status>& status,
                  core::ResponseHistograms& histograms) const override;
  std::string device() const override { return inside_->device(); }
  DeviceFaults faults() const override { return inside_->faults(); }

 private:
  /// The models outside the range, of all models or of those whose status is ok or failed, in
  /// increasing order.
  std::vector<std::int64_t> outside_range(const ModelBatch& models,
                                          const VectorView<Status>* status) const;
  void recompute(const ModelBatch& models, const std::vector<std::int64_t>& indices,
                 const ResponseView& responses) const;

  std::unique_ptr<core::Evaluator> inside_;
  std::unique_ptr<core::Evaluator> outside_;
  core::DeclaredRange range_;
  int threads_;
};

}  // namespace stratem::dispatch
