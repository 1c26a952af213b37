// A backend made of lanes: several devices, each with several streams, and the host if it is to
// help.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dispatch/crew.hpp"
#include "dispatch/evaluator.hpp"
#include "dispatch/lane.hpp"

namespace stratem::dispatch {

/// Cuts the models of a call into batches that whichever lane is free takes and writes to their own
/// rows. No result is lost to a device: a batch that does not fit into its memory is cut smaller,
/// those of a device that failed are done again by others, and by `last_resort`, in the calling
/// thread, when no lane is left: a run of hours that ends slower is worth more than one that ends
/// with an error. device() says so. Which lane computes a model is a matter of chance, so results
/// are bitwise the same from call to call only if all lanes and the last resort give the same bits.
class Batcher final : public Evaluator {
 public:
  /// `batch` as Options::batch.
  Batcher(std::vector<Place> places, std::shared_ptr<const Evaluator> last_resort,
          std::int64_t batch);

  void forward(const ModelBatch& models, const ResponseView& responses) const override;
  /// Calls wait for one another, as lanes count in the memory of their place.
  void accumulate(const ModelBatch& models, const VectorView<Status>& status,
                  core::ResponseDigest& digest) const override;
  std::string device() const override;

 private:
  std::unique_ptr<Crew> crew_;
  std::shared_ptr<const Evaluator> last_resort_;
};

}  // namespace stratem::dispatch
