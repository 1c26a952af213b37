// The contract between the batcher and the workers that compute batches.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/statistics/response_histograms.hpp"
#include "stratem/error.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"

namespace stratem::core {

/// A batch did not fit into a device's memory; a smaller one may.
class OutOfDeviceMemory : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

/// How many models a worker takes at a time.
struct BatchSizes {
  std::int64_t fewest = 1;  ///< a smaller batch wastes more time than it saves by ending sooner
  std::int64_t usual = 1;   ///< a larger batch gains nothing
  std::int64_t most = 1;    ///< the most that fit into memory
};

/// One place where batches are computed one after another: a stream of a device with its buffers,
/// or the host's own cores. Used by one thread at a time, not always the thread that made it.
class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;

  /// Computes a batch of checked shapes and returns when every response and status is written.
  /// Nothing is written after it has returned or thrown. Throws OutOfDeviceMemory, after which it
  /// may be called again with fewer models, or another DeviceError, after which its device is given
  /// up.
  virtual void compute(const ModelBatch& models, const ResponseView& responses) = 0;

  /// The same, but counts the responses in its device's counters and writes only the status
  /// [models]. After OutOfDeviceMemory no response of the batch has been counted.
  virtual void accumulate(const ModelBatch& models, const VectorView<Status>& status) = 0;

  /// The sizes for models with this number of layers.
  virtual BatchSizes batch_sizes(std::int64_t layers) const = 0;
};

/// The counters that the workers of a device share. They are in the memory of the device that
/// computes the responses, or on the host. Workers accumulate between start() and collect(), not
/// during them.
class Counters {
 public:
  Counters() = default;
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;
  virtual ~Counters() = default;

  /// Sets all counters to zero. Throws DeviceError.
  virtual void start() = 0;
  /// Adds the responses counted since start(). Throws DeviceError, and has then added nothing.
  virtual void collect(ResponseHistograms& to) = 0;
};

/// A device, or the host, with the workers that share it and that fail together.
struct ComputeDevice {
  std::string name;  ///< for messages, such as "NVIDIA H200"
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Counters> counters;  ///< the counters that the workers count in
};

}  // namespace stratem::core
