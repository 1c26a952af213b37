// What every backend does alike with one model of a batch: its height, and its failure.
#pragma once

#include <cstdint>

#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// The heights of a system that a model's own height moves.
class SystemHeights {
 public:
  explicit SystemHeights(const System& system);

  /// Sets `change` to what model `index` adds to the heights of transmitters and receivers alike,
  /// m; 0 if models bring no heights. Status::bad_height if it is not finite or puts one of them
  /// below the ground.
  Status change_of(const ModelBatch& models, std::int64_t index, double& change) const;

  /// Of the system's first transmitter, which models' own heights stand for, m.
  double transmitter() const { return transmitter_; }
  /// Of all transmitters and receivers, m.
  double lowest() const { return lowest_; }

 private:
  double transmitter_;
  double lowest_;
};

/// Gives a model its status and NaN responses.
void mark_failed(const ResponseView& responses, std::int64_t index, Status status);

}  // namespace stratem::core
