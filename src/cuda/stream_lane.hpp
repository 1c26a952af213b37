// A lane of the dispatcher: one stream of a device with its buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "cuda/memory.hpp"
#include "dispatch/lane.hpp"
#include "kernels/launch.hpp"

namespace stratem::cuda {

/// A device with a plan in its memory, which its lanes share.
struct LoadedDevice {
  int ordinal = 0;
  kernels::DevicePlan plan;
};

/// Packs models into pinned memory, copies them to the device, runs the kernel, copies the
/// responses back and hands them out. Several lanes of one device do these things at the same time.
/// Buffers grow to the largest batch and are kept.
class StreamLane final : public dispatch::Lane {
 public:
  /// `memory` is what its buffers on the device may take, bytes. Throws kernels::CudaError.
  StreamLane(std::shared_ptr<const LoadedDevice> device, std::size_t memory);

  void compute(const ModelBatch& models, const ResponseView& responses) override;
  dispatch::BatchSizes batch_sizes(std::int64_t layers) const override;

 private:
  void compute_on_device(const ModelBatch& models, const ResponseView& responses);
  void release();

  std::shared_ptr<const LoadedDevice> device_;  // outlives the buffers below
  std::size_t memory_;
  StreamOwner stream_;
  PinnedBuffer host_models_, host_responses_;
  DeviceBuffer models_, responses_, scratch_;
};

}  // namespace stratem::cuda
