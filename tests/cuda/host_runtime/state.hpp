// Devices, what they have handed out, and what happens to calls: behind the functions of the CUDA
// runtime and the Machine of the tests.
#pragma once

#include <cuda_runtime_api.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cuda/host_runtime/host_runtime.hpp"
#include "cuda/host_runtime/stream.hpp"

namespace stratem::emulated {

/// A piece of memory that was handed out. Work holds those it is to use, and looks at `live` when
/// its turn comes.
struct Allocation {
  std::byte* data = nullptr;
  std::size_t bytes = 0;
  int device = -1;  ///< -1: the host's, pinned
  std::atomic<bool> live{true};

  Allocation(std::size_t size, int owner);
  ~Allocation() { give_up(); }
  Allocation(const Allocation&) = delete;
  Allocation& operator=(const Allocation&) = delete;
  /// The memory goes; AddressSanitizer then sees who uses it.
  void give_up();
};
using AllocationPointer = std::shared_ptr<Allocation>;

class Device {
 public:
  Device(int ordinal, const DeviceSetup& setup) : ordinal_(ordinal), setup_(setup) {}

  int ordinal() const { return ordinal_; }
  const DeviceSetup& setup() const { return setup_; }
  /// The error that every call gives; 0 while the device works.
  int lost() const { return lost_.load(std::memory_order_relaxed); }
  void lose(int error) {
    int works = 0;
    lost_.compare_exchange_strong(works, error, std::memory_order_relaxed);
  }

  std::size_t used = 0;     ///< bytes; guarded by the State's mutex
  std::mutex atomic_units;  ///< held while a kernel counts in memory that others share

 private:
  int ordinal_;
  DeviceSetup setup_;
  std::atomic<int> lost_{0};
};

class State {
 public:
  explicit State(MachineSetup setup);
  ~State();

  const MachineSetup& setup() const { return setup_; }
  /// From 1; no two of a process have the same.
  std::uint64_t number() const { return number_; }
  /// Null if there is none.
  Device* device(int ordinal);
  int device_count() const { return static_cast<int>(devices_.size()); }

  /// What was done that must not be.
  void complain(const std::string& what);
  std::vector<std::string> complaints() const;
  std::vector<std::string> leaks() const;
  void wait_for_all();

  /// A fault that a machine was given.
  struct Armed {
    Fault fault;
    std::int64_t seen = 0;  ///< calls that fit
    std::atomic<std::int64_t> fired{0};
  };
  void arm(Fault fault);
  std::int64_t fired(std::size_t fault) const;
  /// Counts a call, which queues work or does not, and tells of the fault that befalls it; null:
  /// none.
  Armed* count_call(std::string_view function, int device, bool queues);

  // Memory. Of a device: null if there is no room.
  AllocationPointer allocate(std::size_t bytes, int device);
  /// The one that begins there; null: none.
  AllocationPointer starting_at(const void* data) const;
  /// The one that holds the whole of a range; null: none.
  AllocationPointer holding(const void* data, std::size_t bytes) const;
  void free(const AllocationPointer& allocation);
  std::size_t bytes_used(const Device& device) const;

  // Streams and events by their handles; null where a handle is not one.
  cudaStream_t add_stream(Device& device);
  std::shared_ptr<Stream> stream(cudaStream_t handle) const;
  std::shared_ptr<Stream> default_stream(Device& device);
  void retire_stream(cudaStream_t handle);
  void wait_for(const Device& device);
  cudaEvent_t add_event(Device& device, bool timed);
  std::shared_ptr<Event> event(cudaEvent_t handle) const;
  void remove_event(cudaEvent_t handle);

 private:
  friend class Machine;
  std::shared_ptr<Stream> new_stream(Device& device);

  MachineSetup setup_;
  std::uint64_t number_;
  std::deque<Device> devices_;
  mutable std::mutex complaints_mutex_;
  std::vector<std::string> complaints_;
  mutable std::mutex mutex_;  // guards what follows; never taken by the streams' threads
  std::deque<Armed> faults_;
  std::map<std::string, std::int64_t, std::less<>> calls_;
  std::map<const std::byte*, AllocationPointer> allocations_;  // those that live
  std::map<cudaStream_t, std::shared_ptr<Stream>> streams_;
  std::map<const Device*, std::shared_ptr<Stream>> default_streams_;
  std::vector<std::shared_ptr<Stream>> retired_;
  std::map<cudaEvent_t, std::shared_ptr<Event>> events_;
  std::uint64_t streams_made_ = 0;
};

/// The machine of this process; null: none.
State* state();

/// What CUDA remembers of a host thread.
struct HostThread {
  std::uint64_t machine = 0;  ///< another's memories do not count
  int device = 0;
  cudaError_t last_error = cudaSuccess;
};
HostThread& host_thread();

/// One call of a function of the runtime: it is counted, it may be refused, and the thread
/// remembers its error.
class Call {
 public:
  enum class Kind : std::uint8_t { plain, queues_work };
  /// For the thread's current device, or another's stream, event or memory. A lost device refuses
  /// every call, and so does one that is current.
  explicit Call(const char* function, const Device* device = nullptr, Kind kind = Kind::plain);

  /// The call is to give this error and do nothing.
  bool refused() const { return refusal_ != cudaSuccess; }
  /// It is refused because a device is lost, not because of a fault of its own.
  bool device_lost() const { return device_lost_; }
  /// What the work fails with that the call queues; 0: with nothing.
  int work_error() const { return work_error_; }
  State& state() const { return *state_; }
  Device& current() const { return *current_; }
  /// What the call returns, once it is not refused.
  cudaError_t result(cudaError_t code = cudaSuccess) const;
  /// What it returns where it was refused, or if it does so after all.
  cudaError_t refusal() const { return result(refusal_); }
  /// Something that must not be done.
  cudaError_t wrong(cudaError_t code, const std::string& what) const;

 private:
  const char* function_;
  State* state_;
  Device* current_ = nullptr;
  cudaError_t refusal_ = cudaSuccess;
  bool device_lost_ = false;
  int work_error_ = 0;
};

/// Queues work in a stream that may use no memory but that; an allocation that has been freed when
/// its turn comes is a complaint and loses the device.
void queue_work(const Call& call, const std::shared_ptr<Stream>& stream, std::string name,
                std::vector<AllocationPointer> uses, std::function<void()> work);

}  // namespace stratem::emulated
