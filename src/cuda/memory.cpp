#include "cuda/memory.hpp"

#include <cuda_runtime_api.h>

#include "cuda/device_scope.hpp"

namespace stratem::cuda {
namespace {

cudaStream_t handle(kernels::Stream stream) { return static_cast<cudaStream_t>(stream); }
cudaEvent_t handle_of_event(void* event) { return static_cast<cudaEvent_t>(event); }

void record(void* event, kernels::Stream stream) {
  kernels::check_cuda(cudaEventRecord(handle_of_event(event), handle(stream)), "cudaEventRecord()");
}

void wait_for(void* event) {
  kernels::check_cuda(cudaEventSynchronize(handle_of_event(event)), "cudaEventSynchronize()");
}

}  // namespace

void* OnDevice::allocate(std::size_t bytes) {
  device_ = current_device();
  void* data = nullptr;
  kernels::check_cuda(cudaMalloc(&data, bytes), "cudaMalloc()");
  return data;
}

void OnDevice::free(void* data) const noexcept {
  const QuietDeviceScope scope(device_);
  static_cast<void>(cudaFree(data));
}

void* Pinned::allocate(std::size_t bytes) {
  void* data = nullptr;
  // "Portable" memory is pinned for all devices of the process.
  kernels::check_cuda(cudaHostAlloc(&data, bytes, cudaHostAllocPortable), "cudaHostAlloc()");
  return data;
}

void Pinned::free(void* data) const noexcept { static_cast<void>(cudaFreeHost(data)); }

std::optional<int> memory_owner(const void* address) {
  cudaPointerAttributes attributes{};
  kernels::check_cuda(cudaPointerGetAttributes(&attributes, address), "cudaPointerGetAttributes()");
  const bool on_device =
      attributes.type == cudaMemoryTypeDevice || attributes.type == cudaMemoryTypeManaged;
  return on_device ? std::optional(attributes.device) : std::nullopt;
}

EventOwner::EventOwner() : device_(current_device()) {
  cudaEvent_t event = nullptr;
  kernels::check_cuda(
      cudaEventCreateWithFlags(&event, cudaEventBlockingSync | cudaEventDisableTiming),
      "cudaEventCreateWithFlags()");
  event_ = event;
}

EventOwner::~EventOwner() {
  const QuietDeviceScope scope(device_);
  static_cast<void>(cudaEventDestroy(handle_of_event(event_)));
}

void EventOwner::wait_for(kernels::Stream stream) {
  record(event_, stream);
  cuda::wait_for(event_);
}

void drain(kernels::Stream stream) noexcept {
  static_cast<void>(cudaStreamSynchronize(handle(stream)));
}

StreamOwner::StreamOwner() : device_(current_device()) {
  cudaStream_t stream = nullptr;
  kernels::check_cuda(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking),
                      "cudaStreamCreateWithFlags()");
  stream_ = stream;
}

StreamOwner::~StreamOwner() {
  const QuietDeviceScope scope(device_);
  drain();
  static_cast<void>(cudaStreamDestroy(handle(stream_)));
}

void StreamOwner::to_device(void* device, const void* host, std::size_t bytes) {
  kernels::check_cuda(cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, handle(stream_)),
                      "cudaMemcpyAsync()");
}

void StreamOwner::to_host(void* host, const void* device, std::size_t bytes) {
  kernels::check_cuda(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, handle(stream_)),
                      "cudaMemcpyAsync()");
}

void StreamOwner::clear(void* device, std::size_t bytes) {
  kernels::check_cuda(cudaMemsetAsync(device, 0, bytes, handle(stream_)), "cudaMemsetAsync()");
}

Stopwatch::Stopwatch() {
  cudaEvent_t event = nullptr;
  kernels::check_cuda(cudaEventCreate(&event), "cudaEventCreate()");
  started_ = event;
  const cudaError_t code = cudaEventCreate(&event);
  if (code != cudaSuccess) static_cast<void>(cudaEventDestroy(handle_of_event(started_)));
  kernels::check_cuda(code, "cudaEventCreate()");
  stopped_ = event;
}

Stopwatch::~Stopwatch() {
  static_cast<void>(cudaEventDestroy(handle_of_event(started_)));
  static_cast<void>(cudaEventDestroy(handle_of_event(stopped_)));
}

void Stopwatch::start(kernels::Stream stream) { record(started_, stream); }

double Stopwatch::stop(kernels::Stream stream) {
  record(stopped_, stream);
  wait_for(stopped_);
  float milliseconds = 0.0F;
  kernels::check_cuda(
      cudaEventElapsedTime(&milliseconds, handle_of_event(started_), handle_of_event(stopped_)),
      "cudaEventElapsedTime()");
  return 1e-3 * static_cast<double>(milliseconds);
}

}  // namespace stratem::cuda
