// A worker of the dispatcher: one stream of a device with its buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/backend/worker.hpp"
#include "cuda/batch_layout.hpp"
#include "cuda/device_counters.hpp"
#include "cuda/loaded_device.hpp"
#include "cuda/memory.hpp"

namespace stratem::cuda {

/// Packs models into pinned memory, copies them to the device and runs the kernel. It then either
/// copies the responses back and hands them out, or counts them on the device. Several workers of
/// one device do this at the same time. Buffers grow to the largest batch and are kept.
class StreamWorker final : public core::Worker {
 public:
  /// `memory` is the number of bytes that its buffers on the device may take. `counters` must
  /// belong to the same device and must outlive the worker's calls. Throws kernels::CudaError.
  StreamWorker(std::shared_ptr<const LoadedDevice> device, DeviceCounters& counters,
               std::size_t memory);

  void compute(const ModelBatch& models, const ResponseView& responses) override;
  void accumulate(const ModelBatch& models, const VectorView<Status>& status) override;
  core::BatchSizes batch_sizes(std::int64_t layers) const override;

 private:
  template <class Work>
  void on_device(const Work& work);
  std::byte* queue(const ModelBatch& models, const ResponseLayout& layout);
  std::byte* fetch(const std::byte* results, const ResponseLayout& layout);
  void count(const ModelBatch& models, const VectorView<Status>& status);
  void wait_for_counts();
  void release();

  std::shared_ptr<const LoadedDevice> device_;  // outlives the other members
  DeviceCounters& counters_;
  std::size_t memory_;
  PinnedBuffer host_models_, host_responses_, host_summaries_;
  DeviceBuffer models_, responses_, scratch_, summaries_;
  StreamOwner stream_;  // the first to be destroyed
};

}  // namespace stratem::cuda
