// How many models a lane is given at a time.
#pragma once

#include <cstdint>

#include "dispatch/lane.hpp"

namespace stratem::dispatch {

/// Layers of all models that a lane computes in a second, as seen so far: what a model costs grows
/// with its layers.
class Pace {
 public:
  void add(std::int64_t models, std::int64_t layers, double seconds);
  bool known() const { return layers_per_second_ > 0.0; }
  double layers_per_second() const { return layers_per_second_; }

 private:
  double layers_per_second_ = 0.0;
};

/// What the size of a batch depends on.
struct BatchRequest {
  BatchSizes sizes;
  std::int64_t limit = 0;  ///< what the lane ran out of memory below; 0: it has not
  std::int64_t asked = 0;  ///< what the caller wants; 0: chosen here
  std::int64_t left = 0;   ///< models that nobody has taken
  std::int64_t layers = 1;
  std::int64_t last = 0;   ///< models of the lane's last batch
  double pace = 0.0;       ///< of the lane; 0: not known
  double all_paces = 0.0;  ///< of all lanes together, this one included
};

/// A lane whose pace is not known tries itself on the fewest models. Others get half of their part
/// of what is left, by their pace, so that batches shrink towards the end and all lanes get there
/// at about the same time; never more than takes half a second, nor than four times the last batch,
/// as paces measured on few models are too low. At least 1, at most what is left and fits.
std::int64_t batch_size(const BatchRequest& request);

}  // namespace stratem::dispatch
