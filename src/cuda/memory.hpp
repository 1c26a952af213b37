// Memory, streams and events of CUDA, with owners.
#pragma once

#include <cstddef>
#include <optional>

#include "kernels/launch.hpp"

namespace stratem::cuda {

/// Memory that grows when more is needed and is then kept. Freeing never throws, because memory of
/// a lost device no longer exists anyway.
template <class Kind>
class Buffer {
 public:
  Buffer() = default;
  ~Buffer() { release(); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  /// Makes room for that many bytes. If there was less room, the contents are lost. Throws
  /// kernels::CudaError; no memory is held then. Waits for the device if it must allocate.
  std::byte* reserve(std::size_t bytes) {
    if (bytes > bytes_) {
      release();
      data_ = static_cast<std::byte*>(kind_.allocate(bytes));
      bytes_ = bytes;
    }
    return data_;
  }
  /// The memory reserved last; null if there is none.
  std::byte* data() const { return data_; }
  void release() {
    if (data_ != nullptr) kind_.free(data_);
    data_ = nullptr;
    bytes_ = 0;
  }

 private:
  Kind kind_;
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Memory of the device that is current when it is allocated.
class OnDevice {
 public:
  void* allocate(std::size_t bytes);
  void free(void* data) const noexcept;

 private:
  int device_ = 0;
};
/// Pinned memory of the host: a device copies from and to it while the host continues.
class Pinned {
 public:
  void* allocate(std::size_t bytes);
  void free(void* data) const noexcept;
};

using DeviceBuffer = Buffer<OnDevice>;
using PinnedBuffer = Buffer<Pinned>;

/// The device that has the memory at an address; none if that is no memory of a device. Managed
/// memory counts as that of the device that was current when it was allocated. Throws
/// kernels::CudaError.
std::optional<int> memory_owner(const void* address);

/// A point in the work of a stream, to wait for. Of the device that is current when it is made.
class EventOwner {
 public:
  /// Throws kernels::CudaError.
  EventOwner();
  ~EventOwner();
  EventOwner(const EventOwner&) = delete;
  EventOwner& operator=(const EventOwner&) = delete;

  /// Waits until a stream of the same device has done all work that was queued before. The thread
  /// sleeps, because the host has other work for its cores. Throws kernels::CudaError, also for
  /// errors of earlier work in the stream.
  void wait_for(kernels::Stream stream);

 private:
  int device_;
  void* event_ = nullptr;  // cudaEvent_t
};

/// Waits until a stream's work is done and ignores errors.
void drain(kernels::Stream stream) noexcept;

/// A stream of the device that is current when it is made. Its destructor waits until the stream's
/// work is done, so buffers of that work are safe if they are freed after it. CUDA's documentation
/// does not say that freeing pinned memory waits.
class StreamOwner {
 public:
  /// Throws kernels::CudaError.
  StreamOwner();
  ~StreamOwner();
  StreamOwner(const StreamOwner&) = delete;
  StreamOwner& operator=(const StreamOwner&) = delete;

  kernels::Stream get() const { return stream_; }
  /// Queues a copy in the stream. `host` must be pinned and stay valid until the stream is done.
  /// Throws kernels::CudaError.
  void to_device(void* device, const void* host, std::size_t bytes);
  void to_host(void* host, const void* device, std::size_t bytes);
  /// Queues setting memory of the device to zero. Throws kernels::CudaError.
  void clear(void* device, std::size_t bytes);
  /// Waits as EventOwner does.
  void wait() { done_.wait_for(stream_); }
  /// Waits and ignores errors.
  void drain() noexcept { cuda::drain(stream_); }

 private:
  int device_;
  EventOwner done_;
  kernels::Stream stream_ = nullptr;
};

/// Measures the time that work in a stream takes, with the device's own clock.
class Stopwatch {
 public:
  /// Throws kernels::CudaError.
  Stopwatch();
  ~Stopwatch();
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  /// Starts the clock when the stream has done the work queued before. Throws kernels::CudaError.
  void start(kernels::Stream stream);
  /// Waits until the stream has done the work queued since start(). Returns the seconds since then.
  /// Throws kernels::CudaError, also for errors of earlier work in the stream.
  double stop(kernels::Stream stream);

 private:
  void* started_ = nullptr;  // cudaEvent_t
  void* stopped_ = nullptr;
};

}  // namespace stratem::cuda
