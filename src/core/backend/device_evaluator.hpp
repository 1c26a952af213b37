// The contract between a Plan and a backend that computes models in the memory of its devices.
#pragma once

#include "stratem/device_arrays.hpp"

namespace stratem::core {

/// Computes models whose arrays are in the memory of one of its devices. Any number of threads may
/// call forward() at once.
class DeviceEvaluator {
 public:
  virtual ~DeviceEvaluator() = default;
  /// Computes every model of a batch whose shapes have been checked, of at least one model, and
  /// returns when every response and status is written. `stream` is a cudaStream_t of that device.
  /// See Plan::forward_on_device() for what it throws.
  virtual void forward(const DeviceModels& models, const DeviceResponses& responses,
                       void* stream) const = 0;
};

}  // namespace stratem::core
