#include "cuda/stream_lane.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "cuda/batch_layout.hpp"
#include "cuda/device_scope.hpp"

namespace stratem::cuda {
namespace {

// A few models for each of the thousand or so blocks that a large device runs at once.
constexpr std::int64_t fewest_models = 4096;

/// Batches differ a little in size: with room to spare, buffers stop growing after a few.
std::size_t rounded_up(std::size_t bytes) {
  return bytes <= usual_bytes ? std::bit_ceil(bytes) : bytes;
}

}  // namespace

StreamLane::StreamLane(std::shared_ptr<const LoadedDevice> device, std::size_t memory)
    : device_(std::move(device)), memory_(memory) {}

dispatch::BatchSizes StreamLane::batch_sizes(std::int64_t layers) const {
  const std::int64_t gates = device_->plan.gates();
  const std::int64_t most = models_in(memory_, layers, gates);
  const std::int64_t usual = std::min(most, models_in(usual_bytes, layers, gates));
  return {std::min(fewest_models, usual), usual, most};
}

void StreamLane::compute(const ModelBatch& models, const ResponseView& responses) {
  const DeviceScope scope(device_->ordinal);
  try {
    compute_on_device(models, responses);
  } catch (const kernels::CudaError& error) {
    stream_.drain();  // it may still be at work in the buffers
    if (error.fault() != kernels::CudaFault::out_of_memory) throw;
    release();  // another lane may have use for them
    throw dispatch::OutOfDeviceMemory(error.what());
  }
}

void StreamLane::compute_on_device(const ModelBatch& models, const ResponseView& responses) {
  const BatchLayout in(models);
  const ResponseLayout out(models.models, device_->plan.gates());
  const kernels::LaunchShape shape =
      kernels::launch_shape(device_->plan, models.models, models.layers, in.polarizable());

  std::byte* const from = host_models_.reserve(rounded_up(in.bytes()));
  std::byte* const to = host_responses_.reserve(rounded_up(out.bytes()));
  std::byte* const batch = models_.reserve(rounded_up(in.bytes()));
  std::byte* const results = responses_.reserve(rounded_up(out.bytes()));
  std::byte* const scratch =
      shape.scratch_bytes > 0 ? scratch_.reserve(shape.scratch_bytes) : nullptr;

  in.pack(models, from);
  stream_.to_device(batch, from, in.bytes());
  kernels::launch_forward(device_->plan, in.pointers(batch), out.pointers(results), shape, scratch,
                          stream_.get());
  stream_.to_host(to, results, out.bytes());
  stream_.wait();
  out.unpack(to, responses);
}

void StreamLane::release() {
  host_models_.release();
  host_responses_.release();
  models_.release();
  responses_.release();
  scratch_.release();
}

}  // namespace stratem::cuda
