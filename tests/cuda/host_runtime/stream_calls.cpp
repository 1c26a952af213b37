// Streams and events.
#include "cuda/host_runtime/state.hpp"

namespace stratem::emulated {
namespace {

/// nullptr is the current device's default stream.
std::shared_ptr<Stream> stream_of(cudaStream_t handle) {
  State* const all = state();
  if (all == nullptr) return nullptr;
  if (handle != nullptr) return all->stream(handle);
  Device* const current = all->device(host_thread().device);
  return current == nullptr ? nullptr : all->default_stream(*current);
}

std::shared_ptr<Event> event_of(cudaEvent_t handle) {
  State* const all = state();
  return all == nullptr ? nullptr : all->event(handle);
}

template <class Owned>
const Device* device_of(const Owned& owned) {
  return owned ? &owned->device() : nullptr;
}

/// The result of waiting for a stream or event: its error, or its device's.
cudaError_t outcome(int failed, const Device& device) {
  return static_cast<cudaError_t>(device.lost() != 0 ? device.lost() : failed);
}

cudaError_t create_event(const Call& call, cudaEvent_t* event, bool timed) {
  if (call.refused()) return call.refusal();
  *event = call.state().add_event(call.current(), timed);
  return call.result();
}

constexpr const char* no_stream = "a handle that is no stream";
constexpr const char* no_event = "a handle that is no event";

}  // namespace
}  // namespace stratem::emulated

using namespace stratem::emulated;  // the functions below have the names of the CUDA runtime

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  const Call call("cudaStreamCreateWithFlags");
  if (call.refused()) return call.refusal();
  if (flags != cudaStreamNonBlocking) {
    return call.wrong(cudaErrorInvalidValue, "only streams that do not block are emulated");
  }
  *stream = call.state().add_stream(call.current());
  return call.result();
}

/// Returns at once; queued work continues. The stream is destroyed even if the call returns an
/// error that is not the caller's.
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const auto destroyed = stream == nullptr ? nullptr : stream_of(stream);
  const Call call("cudaStreamDestroy", device_of(destroyed));
  if (destroyed) call.state().retire_stream(stream);
  if (call.refused()) return call.refusal();
  return destroyed ? call.result() : call.wrong(cudaErrorInvalidResourceHandle, no_stream);
}

/// Always waits, also for a lost device, whose work has no effect.
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const auto waited = stream_of(stream);
  const Call call("cudaStreamSynchronize", device_of(waited));
  if (waited) waited->wait();
  if (call.refused()) return call.refusal();
  if (!waited) return call.wrong(cudaErrorInvalidResourceHandle, no_stream);
  return call.result(outcome(waited->take_error(), waited->device()));
}

cudaError_t cudaDeviceSynchronize() {
  const Call call("cudaDeviceSynchronize");
  if (call.refused()) return call.refusal();
  call.state().wait_for(call.current());
  return call.result(outcome(0, call.current()));
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  return create_event(Call("cudaEventCreate"), event, true);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  return create_event(Call("cudaEventCreateWithFlags"), event,
                      (flags & cudaEventDisableTiming) == 0);
}

/// The event is destroyed even if the call returns an error that is not the caller's.
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const auto destroyed = event_of(event);
  const Call call("cudaEventDestroy", device_of(destroyed));
  if (destroyed) call.state().remove_event(event);
  if (call.refused()) return call.refusal();
  return destroyed ? call.result() : call.wrong(cudaErrorInvalidResourceHandle, no_event);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const auto recorded = event_of(event);
  const auto in = stream_of(stream);
  const Call call("cudaEventRecord", device_of(in));
  if (call.refused()) return call.refusal();
  if (!recorded || !in || device_of(recorded) != device_of(in)) {
    return call.wrong(cudaErrorInvalidResourceHandle, "no event and stream of one device");
  }
  Event::record(recorded, in);
  return call.result();
}

/// Does not wait if it is refused.
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  const auto waited = event_of(event);
  const Call call("cudaEventSynchronize", device_of(waited));
  if (call.refused()) return call.refusal();
  if (!waited) return call.wrong(cudaErrorInvalidResourceHandle, no_event);
  const int failed = waited->wait();
  return call.result(outcome(failed, waited->device()));
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  const auto from = event_of(start);
  const auto to = event_of(end);
  const Call call("cudaEventElapsedTime", device_of(to));
  if (call.refused()) return call.refusal();
  if (!from || !to || !from->timed() || !to->timed() || !from->recorded() || !to->recorded()) {
    return call.wrong(cudaErrorInvalidResourceHandle, "no two recorded events that take the time");
  }
  if (!from->done() || !to->done()) return call.result(cudaErrorNotReady);
  const std::chrono::duration<float, std::milli> passed = to->time() - from->time();
  *milliseconds = passed.count();
  return call.result();
}
