// Models outside the range a plan was declared for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dispatch/evaluator.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::dispatch {

/// Whether a model that has no other fault lies inside the range of a plan made with `options`. One
/// whose layer count is not possible does: its status says that, whatever its layers.
bool in_range(const ModelBatch& models, std::int64_t index, const Options& options,
              double system_height);

/// Wraps a fast evaluator: models outside the declared range get Status::out_of_range and NaN, or
/// what `outside` computes.
class RangeGuard final : public Evaluator {
 public:
  /// `outside` may be null: out of range is flagged then.
  RangeGuard(std::unique_ptr<Evaluator> inside, std::unique_ptr<Evaluator> outside,
             const Options& options, const System& system);

  void forward(const ModelBatch& models, const ResponseView& responses) const override;
  /// Models outside are told apart before anything is computed: what has been counted cannot be
  /// taken back.
  void accumulate(const ModelBatch& models, const VectorView<Status>& status,
                  core::ResponseDigest& digest) const override;
  std::string device() const override { return inside_->device(); }

 private:
  /// Of all models, or of those that the status leaves open; in increasing order.
  std::vector<std::int64_t> outside_range(const ModelBatch& models,
                                          const VectorView<Status>* status) const;
  void recompute(const ModelBatch& models, const std::vector<std::int64_t>& indices,
                 const ResponseView& responses) const;

  std::unique_ptr<Evaluator> inside_;
  std::unique_ptr<Evaluator> outside_;
  Options options_;
  double height_;
};

}  // namespace stratem::dispatch
