#include "cuda/stream_worker.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <span>
#include <utility>

#include "cuda/device_scope.hpp"

namespace stratem::cuda {
namespace {

// A few models for each of the thousand or so blocks that a large device runs at once.
constexpr std::int64_t fewest_models = 4096;

/// Batches differ a little in size. Spare room lets buffers stop growing after a few batches.
std::size_t rounded_up(std::size_t bytes) {
  return bytes <= usual_bytes ? std::bit_ceil(bytes) : bytes;
}

}  // namespace

StreamWorker::StreamWorker(std::shared_ptr<const LoadedDevice> device, DeviceCounters& counters,
                           std::size_t memory)
    : device_(std::move(device)), counters_(counters), memory_(memory) {}

core::BatchSizes StreamWorker::batch_sizes(std::int64_t layers) const {
  const std::int64_t gates = device_->plan.gates();
  const std::int64_t most = models_in(memory_, layers, gates);
  const std::int64_t usual = std::min(most, models_in(usual_bytes, layers, gates));
  return {std::min(fewest_models, usual), usual, most};
}

/// If a batch does not fit, the worker stays as it was, but without memory. The thread is the
/// dispatcher's own and has no device to return to. It must not return to the first device either,
/// because another worker may have lost it.
template <class Work>
void StreamWorker::on_device(const Work& work) {
  try {
    make_current(device_->device.ordinal);
    work();
  } catch (const kernels::CudaError& error) {
    stream_.drain();  // it may still be using the buffers
    if (error.fault() != kernels::CudaFault::out_of_memory) throw;
    release();  // another worker may need the memory
    throw core::OutOfDeviceMemory(error.what());
  }
}

void StreamWorker::compute(const ModelBatch& models, const ResponseView& responses) {
  on_device([&] {
    const ResponseLayout layout(models.models, device_->plan.gates());
    host_responses_.reserve(rounded_up(layout.bytes()));
    layout.unpack(fetch(queue(models, layout), layout), responses);
  });
}

void StreamWorker::accumulate(const ModelBatch& models, const VectorView<Status>& status) {
  on_device([&] { count(models, status); });
}

/// Queues a batch up to its responses and returns their address on the device.
std::byte* StreamWorker::queue(const ModelBatch& models, const ResponseLayout& layout) {
  const BatchLayout in(models);
  const kernels::LaunchShape shape =
      kernels::launch_shape(device_->plan, models.models, models.layers, in.polarizable());
  std::byte* const from = host_models_.reserve(rounded_up(in.bytes()));
  std::byte* const batch = models_.reserve(rounded_up(in.bytes()));
  std::byte* const results = responses_.reserve(rounded_up(layout.bytes()));
  std::byte* const scratch =
      shape.scratch_bytes > 0 ? scratch_.reserve(shape.scratch_bytes) : nullptr;

  in.pack(models, from);
  stream_.to_device(batch, from, in.bytes());
  kernels::launch_forward(device_->plan, in.pointers(batch), layout.pointers(results), shape,
                          scratch, stream_.get());
  return results;
}

/// Waits until the responses are on the host, and returns their address.
std::byte* StreamWorker::fetch(const std::byte* results, const ResponseLayout& layout) {
  std::byte* const to = host_responses_.reserve(rounded_up(layout.bytes()));
  stream_.to_host(to, results, layout.bytes());
  stream_.wait();
  return to;
}

/// The whole batch is counted on the device, or the whole of it on the host.
void StreamWorker::count(const ModelBatch& models, const VectorView<Status>& status) {
  const std::int64_t gates = device_->plan.gates();
  const ResponseLayout layout(models.models, gates);
  const std::size_t summary_bytes = static_cast<std::size_t>(gates) * sizeof(kernels::GateSummary);
  const std::size_t status_bytes = static_cast<std::size_t>(models.models) * sizeof(Status);
  std::byte* const on_host = host_summaries_.reserve(rounded_up(summary_bytes + status_bytes));
  auto* const device_summaries =
      reinterpret_cast<kernels::GateSummary*>(summaries_.reserve(summary_bytes));

  std::byte* const results = queue(models, layout);
  const kernels::ResponsePointers responses = layout.pointers(results);
  kernels::launch_summaries(responses, models.models, gates, device_summaries, stream_.get());
  stream_.to_host(on_host, device_summaries, summary_bytes);
  stream_.to_host(on_host + summary_bytes, responses.status, status_bytes);
  stream_.wait();

  const std::span summaries(reinterpret_cast<const kernels::GateSummary*>(on_host),
                            static_cast<std::size_t>(gates));
  const VectorView<const Status> found(reinterpret_cast<const Status*>(on_host + summary_bytes),
                                       models.models);
  const auto table = counters_.table();
  if (table && std::ranges::all_of(summaries, [](const auto& gate) { return gate.outside == 0; })) {
    kernels::launch_counts(responses, models.models, gates, *table, stream_.get());
    wait_for_counts();
    counters_.add(summaries, found);
  } else {
    const auto* const response = layout.pointers(fetch(results, layout)).response;
    counters_.add({response, models.models, gates}, found);
  }
  for (std::int64_t model = 0; model < models.models; ++model) status[model] = found[model];
}

/// Counts cannot be taken back. So if anything fails here, the device and its counters are given
/// up. An error for lack of memory would instead make the batch be counted again.
void StreamWorker::wait_for_counts() {
  try {
    stream_.wait();
  } catch (const kernels::CudaError& error) {
    throw kernels::CudaError(kernels::CudaFault::other, error.what());
  }
}

void StreamWorker::release() {
  host_models_.release();
  host_responses_.release();
  host_summaries_.release();
  models_.release();
  responses_.release();
  scratch_.release();
  summaries_.release();
}

}  // namespace stratem::cuda
