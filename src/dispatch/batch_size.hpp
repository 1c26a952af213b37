// How many models a worker is given at a time.
#pragma once

#include <cstdint>

#include "core/backend/worker.hpp"

namespace stratem::dispatch {

/// The number of layers, summed over models, that a worker has computed per second so far. The cost
/// of a model grows with its number of layers.
class Pace {
 public:
  void add(std::int64_t models, std::int64_t layers, double seconds);
  bool known() const { return layers_per_second_ > 0.0; }
  double layers_per_second() const { return layers_per_second_; }

 private:
  double layers_per_second_ = 0.0;
};

/// The quantities that the size of a batch depends on.
struct BatchRequest {
  core::BatchSizes sizes;
  std::int64_t limit = 0;  ///< largest size after the worker ran out of memory; 0: it has not
  std::int64_t asked = 0;  ///< the size that the caller wants; 0: automatic
  std::int64_t left = 0;   ///< models that no worker has taken
  std::int64_t layers = 1;
  std::int64_t last = 0;   ///< models of the worker's last batch
  double pace = 0.0;       ///< of the worker; 0: not known
  double all_paces = 0.0;  ///< of all workers together, this one included
};

/// A worker whose pace is not known yet gets the fewest models. The others get half of their share
/// of the remaining models, in proportion to their pace. Batches therefore shrink towards the end,
/// and all workers finish at about the same time. A batch takes at most half a second and has at
/// most four times as many models as the last one, because paces measured on few models are too
/// low. The size is at least 1 and at most what is left and fits into memory.
std::int64_t batch_size(const BatchRequest& request);

}  // namespace stratem::dispatch
