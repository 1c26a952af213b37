// cudaMalloc and related functions, and copies.
#include <cstring>
#include <utility>

#include "cuda/host_runtime/state.hpp"

namespace stratem::emulated {
namespace {

/// The stream of a handle; null if the handle is invalid, or belongs to a device that is not
/// current.
std::shared_ptr<Stream> stream_of(const Call& call, cudaStream_t handle) {
  if (handle == nullptr) return call.state().default_stream(call.current());
  auto stream = call.state().stream(handle);
  if (stream && &stream->device() != &call.current()) return nullptr;
  return stream;
}

const Device* device_of(cudaStream_t handle) {
  State* const all = state();
  const auto stream = all == nullptr || handle == nullptr ? nullptr : all->stream(handle);
  return stream ? &stream->device() : nullptr;
}

/// The allocation on the current device that contains a range.
AllocationPointer device_memory(const Call& call, const void* data, std::size_t bytes) {
  auto found = call.state().holding(data, bytes);
  if (found && found->device != call.current().ordinal()) return nullptr;
  return found;
}

AllocationPointer pinned_memory(const Call& call, const void* data, std::size_t bytes) {
  auto found = call.state().holding(data, bytes);
  return found && found->device < 0 ? found : nullptr;
}

constexpr const char* outside = "a range that is not within memory of the current device";
constexpr const char* no_stream = "a stream that is not one of the current device";

struct Copy {
  void* to;
  const void* from;
  std::size_t bytes;

  void operator()() const { std::memcpy(to, from, bytes); }
};

void* allocated(const AllocationPointer& allocation) {
  return allocation ? allocation->data : nullptr;
}

}  // namespace
}  // namespace stratem::emulated

using namespace stratem::emulated;  // the functions below have the names of the CUDA runtime

cudaError_t cudaMalloc(void** data, std::size_t bytes) {
  const Call call("cudaMalloc");
  if (call.refused()) return call.refusal();
  *data = allocated(call.state().allocate(bytes, call.current().ordinal()));
  return call.result(*data == nullptr ? cudaErrorMemoryAllocation : cudaSuccess);
}

/// Waits for the device that owns the memory. Releases the memory even if it returns an error that
/// is not the caller's. The exception is memory of a working device while the current one is lost.
cudaError_t cudaFree(void* data) {
  if (data == nullptr) return cudaSuccess;
  State* const all = state();
  const auto allocation = all == nullptr ? nullptr : all->starting_at(data);
  Device* const device = allocation ? all->device(allocation->device) : nullptr;
  const Call call("cudaFree", device);
  if (device == nullptr) {
    if (call.refused()) return call.refusal();
    return call.wrong(cudaErrorInvalidValue, "no memory of a device begins there");
  }
  if (call.refused() && device->lost() == 0 && call.current().lost() != 0) return call.refusal();
  all->wait_for(*device);
  all->free(allocation);
  return call.refused() ? call.refusal() : call.result(static_cast<cudaError_t>(device->lost()));
}

cudaError_t cudaHostAlloc(void** data, std::size_t bytes, unsigned flags) {
  const Call call("cudaHostAlloc");
  if (call.refused()) return call.refusal();
  if (flags != cudaHostAllocPortable) return call.wrong(cudaErrorInvalidValue, "unknown flags");
  *data = allocated(call.state().allocate(bytes, -1));
  return call.result();
}

/// Waits for lost devices, whose work has no effect, and for no others: work that still uses the
/// memory reports an error.
cudaError_t cudaFreeHost(void* data) {
  if (data == nullptr) return cudaSuccess;
  State* const all = state();
  const auto allocation = all == nullptr ? nullptr : all->starting_at(data);
  const Call call("cudaFreeHost");
  if (!allocation || allocation->device >= 0) {
    if (call.refused()) return call.refusal();
    return call.wrong(cudaErrorInvalidValue, "no pinned memory begins there");
  }
  for (int ordinal = 0; ordinal < all->device_count(); ++ordinal) {
    if (all->device(ordinal)->lost() != 0) all->wait_for(*all->device(ordinal));
  }
  all->free(allocation);
  return call.refused() ? call.refusal() : call.result();
}

cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  const Call call("cudaMemGetInfo");
  if (call.refused()) return call.refusal();
  *total = call.current().setup().memory;
  *free = *total - call.state().bytes_used(call.current());
  return call.result();
}

/// Only memory that the runtime has given out is known. All other memory is the host's.
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* data) {
  const Call call("cudaPointerGetAttributes");
  if (call.refused()) return call.refusal();
  const auto found = call.state().holding(data, 1);
  *attributes = {};
  attributes->type = cudaMemoryTypeUnregistered;
  attributes->device = cudaInvalidDeviceId;
  if (found) {
    const bool pinned = found->device < 0;
    attributes->type = pinned ? cudaMemoryTypeHost : cudaMemoryTypeDevice;
    attributes->device = pinned ? call.current().ordinal() : found->device;
  }
  return call.result();
}

/// Copies in the default stream. For memory that is not pinned it returns when that memory has been
/// read, as CUDA documents: the data may not have reached the device yet.
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const Call call("cudaMemcpy", nullptr, Call::Kind::queues_work);
  if (call.refused()) return call.refusal();
  const bool to_device = kind == cudaMemcpyHostToDevice;
  if (!to_device && kind != cudaMemcpyDeviceToHost) {
    return call.wrong(cudaErrorInvalidMemcpyDirection, "a direction that is not emulated");
  }
  auto on_device = device_memory(call, to_device ? to : from, bytes);
  if (!on_device) return call.wrong(cudaErrorInvalidValue, outside);
  const auto stream = call.state().default_stream(call.current());
  if (to_device && !pinned_memory(call, from, bytes)) {
    const auto* const first = static_cast<const std::byte*>(from);
    queue_work(call, stream, "cudaMemcpy", {std::move(on_device)},
               [to, staged = std::vector<std::byte>(first, first + bytes)] {
                 std::memcpy(to, staged.data(), staged.size());
               });
    return call.result();
  }
  queue_work(call, stream, "cudaMemcpy", {std::move(on_device)}, Copy{to, from, bytes});
  stream->wait();
  const int failed = stream->take_error();
  return call.result(static_cast<cudaError_t>(failed != 0 ? failed : call.current().lost()));
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  const Call call("cudaMemcpyAsync", device_of(stream), Call::Kind::queues_work);
  if (call.refused()) return call.refusal();
  const auto on = stream_of(call, stream);
  if (!on) return call.wrong(cudaErrorInvalidResourceHandle, no_stream);
  const bool to_device = kind == cudaMemcpyHostToDevice;
  if (!to_device && kind != cudaMemcpyDeviceToHost) {
    return call.wrong(cudaErrorInvalidMemcpyDirection, "a direction that is not emulated");
  }
  auto on_device = device_memory(call, to_device ? to : from, bytes);
  auto on_host = pinned_memory(call, to_device ? from : to, bytes);
  if (!on_device) return call.wrong(cudaErrorInvalidValue, outside);
  if (!on_host) {
    return call.wrong(cudaErrorInvalidValue, "a range that is not within pinned memory");
  }
  queue_work(call, on, "cudaMemcpyAsync", {std::move(on_device), std::move(on_host)},
             Copy{to, from, bytes});
  return call.result();
}

cudaError_t cudaMemsetAsync(void* data, int value, std::size_t bytes, cudaStream_t stream) {
  const Call call("cudaMemsetAsync", device_of(stream), Call::Kind::queues_work);
  if (call.refused()) return call.refusal();
  const auto on = stream_of(call, stream);
  if (!on) return call.wrong(cudaErrorInvalidResourceHandle, no_stream);
  auto memory = device_memory(call, data, bytes);
  if (!memory) return call.wrong(cudaErrorInvalidValue, outside);
  queue_work(call, on, "cudaMemsetAsync", {std::move(memory)},
             [=] { std::memset(data, value, bytes); });
  return call.result();
}
