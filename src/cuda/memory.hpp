// Memory, streams and events of CUDA, with owners.
#pragma once

#include <cstddef>
#include <memory>

#include "kernels/launch.hpp"

namespace stratem::cuda {

/// Memory that grows when more is wanted, and is kept. Freeing never throws: memory of a device
/// that was lost is gone anyway.
template <class Kind>
class Buffer {
 public:
  Buffer() = default;
  ~Buffer() { release(); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  /// Makes room for so many bytes; what was there is lost if there was less. Throws
  /// kernels::CudaError, with nothing left then. Waits for the device if it must allocate.
  std::byte* reserve(std::size_t bytes) {
    if (bytes > bytes_) {
      release();
      data_ = static_cast<std::byte*>(kind_.allocate(bytes));
      bytes_ = bytes;
    }
    return data_;
  }
  /// What was reserved last; null if nothing was.
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

/// Of the device that is current when it is allocated.
class OnDevice {
 public:
  void* allocate(std::size_t bytes);
  void free(void* data) const noexcept;

 private:
  int device_ = 0;
};
/// Of the host, pinned: a device copies from and to it while the host goes on.
class Pinned {
 public:
  void* allocate(std::size_t bytes);
  void free(void* data) const noexcept;
};

using DeviceBuffer = Buffer<OnDevice>;
using PinnedBuffer = Buffer<Pinned>;

/// A stream of the device that is current when it is made. It ends when its work is done, so that
/// the buffers of that work are safe if they end later: nothing says that freeing pinned memory
/// waits.
class StreamOwner {
 public:
  /// Throws kernels::CudaError.
  StreamOwner();
  ~StreamOwner();
  StreamOwner(const StreamOwner&) = delete;
  StreamOwner& operator=(const StreamOwner&) = delete;

  kernels::Stream get() const { return stream_; }
  /// Copies in the stream's turn. `host` is pinned and stays until the stream is done. Throws
  /// kernels::CudaError.
  void to_device(void* device, const void* host, std::size_t bytes);
  void to_host(void* host, const void* device, std::size_t bytes);
  /// Sets memory of the device to zero in the stream's turn. Throws kernels::CudaError.
  void clear(void* device, std::size_t bytes);
  /// Waits until all is done, asleep: the host has other work for its cores. Throws
  /// kernels::CudaError, also for what failed in the stream before.
  void wait();
  /// Waits and ignores what failed.
  void drain() noexcept;

 private:
  int device_;
  kernels::Stream stream_ = nullptr;
  void* done_ = nullptr;  // cudaEvent_t
};

/// The time that work in a stream takes by the device's own clock.
class Stopwatch {
 public:
  /// Throws kernels::CudaError.
  Stopwatch();
  ~Stopwatch();
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  /// Takes the time when the stream has done what was queued before. Throws kernels::CudaError.
  void start(kernels::Stream stream);
  /// Waits until the stream has done what was queued since start(); seconds from there. Throws
  /// kernels::CudaError, also for what failed in the stream before.
  double stop(kernels::Stream stream);

 private:
  void* started_ = nullptr;  // cudaEvent_t
  void* stopped_ = nullptr;
};

}  // namespace stratem::cuda
