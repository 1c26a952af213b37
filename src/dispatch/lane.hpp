// The contract between the batcher and whatever computes batches.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/response_digest.hpp"
#include "stratem/error.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::dispatch {

/// A batch did not fit into a device's memory; a smaller one may.
class OutOfDeviceMemory : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

/// How many models a lane takes at a time.
struct BatchSizes {
  std::int64_t fewest = 1;  ///< fewer waste more time than they save by being done sooner
  std::int64_t usual = 1;   ///< more gain nothing
  std::int64_t most = 1;    ///< that there is room for
};

/// One place where batches are computed one after another: a stream of a device with its buffers,
/// or the host's own cores. Used by one thread at a time, not always by the one that made it.
class Lane {
 public:
  Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  virtual ~Lane() = default;

  /// Computes a batch of checked shapes and returns when every response and status is written.
  /// Nothing is written after it has returned or thrown. Throws OutOfDeviceMemory, after which it
  /// may be called again with fewer models, or another DeviceError, after which its device is given
  /// up.
  virtual void compute(const ModelBatch& models, const ResponseView& responses) = 0;

  /// The same, but counts the responses in the tally of its place and writes only the status
  /// [models]. After OutOfDeviceMemory nothing of the batch has been counted.
  virtual void accumulate(const ModelBatch& models, const VectorView<Status>& status) = 0;

  /// For models of so many layers.
  virtual BatchSizes batch_sizes(std::int64_t layers) const = 0;
};

/// Where the lanes of a device count responses together, near to where they compute them. Lanes
/// accumulate between start() and collect(), not during them.
class Tally {
 public:
  Tally() = default;
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;
  virtual ~Tally() = default;

  /// Forgets what has been counted. Throws DeviceError.
  virtual void start() = 0;
  /// Adds what has been counted since start(). Throws DeviceError, and has then added nothing.
  virtual void collect(core::ResponseDigest& to) = 0;
};

/// A device with the lanes that share it, and its failure.
struct Place {
  std::string name;  ///< for messages, such as "NVIDIA H200"
  std::vector<std::unique_ptr<Lane>> lanes;
  std::unique_ptr<Tally> tally;  ///< which the lanes know
};

}  // namespace stratem::dispatch
