// Models whose arrays are in the memory of a device already.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "core/backend/device_evaluator.hpp"
#include "core/earth/declared_range.hpp"
#include "cuda/cuda.hpp"
#include "cuda/memory.hpp"

namespace stratem::cuda {

/// Computes with the kernels in the caller's stream, from the caller's arrays to the caller's
/// arrays. Nothing is copied, and memory is needed for polarizable layers alone.
class ArrayEvaluator final : public core::DeviceEvaluator {
 public:
  ArrayEvaluator(const LoadedDevices& devices, const core::DeclaredRange& range);
  void forward(const DeviceModels& models, const DeviceResponses& responses,
               void* stream) const override;

 private:
  /// What a call needs beside the caller's arrays. Kept for the next call.
  struct Tools {
    DeviceBuffer scratch;
    EventOwner done;
  };
  /// A device, and the tools that no call is using.
  struct Place {
    std::shared_ptr<const LoadedDevice> loaded;
    std::mutex mutex{};
    std::vector<std::unique_ptr<Tools>> idle{};

    std::unique_ptr<Tools> take();
    void give_back(std::unique_ptr<Tools> tools);
  };

  Place& place_of(const DeviceModels& models, const DeviceResponses& responses) const;
  void compute(Place& place, const DeviceModels& models, const DeviceResponses& responses,
               kernels::Stream stream) const;

  mutable std::deque<Place> places_;  // a Place guards itself
  core::DeclaredRange range_;
};

}  // namespace stratem::cuda
