// Steps that every backend does in the same way with one model of a batch: its height, its failure.
#pragma once

#include <cstdint>

#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The heights of a system, which a model's own height changes.
class SystemHeights {
 public:
  explicit SystemHeights(const System& system);

  /// Sets `change` to the amount that model `index` adds to the heights of all transmitters and
  /// receivers, m; 0 if the models have no heights. Returns Status::bad_height if it is not finite
  /// or puts one of them below the ground.
  Status change_of(const ModelBatch& models, std::int64_t index, double& change) const;

  /// Height of the system's first transmitter, m, which a model's own height replaces.
  double transmitter() const { return transmitter_; }
  /// The least height of all transmitters and receivers, m.
  double lowest() const { return lowest_; }

 private:
  double transmitter_;
  double lowest_;
};

/// Gives a model its status and NaN responses.
void mark_failed(const ResponseView& responses, std::int64_t index, Status status);

}  // namespace stratem::core
