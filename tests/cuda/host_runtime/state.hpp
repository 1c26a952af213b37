// Devices, their allocations, and the handling of calls. The functions of the CUDA runtime and the
// Machine of the tests use this.
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

/// An allocated piece of memory. Queued work keeps the pieces that it will use, and checks `live`
/// when it runs.
struct Allocation {
  std::byte* data = nullptr;
  std::size_t bytes = 0;
  int device = -1;  ///< -1: the host's, pinned
  std::atomic<bool> live{true};

  Allocation(std::size_t size, int owner);
  ~Allocation() { give_up(); }
  Allocation(const Allocation&) = delete;
  Allocation& operator=(const Allocation&) = delete;
  /// Frees the memory; AddressSanitizer then detects its use.
  void give_up();
};
using AllocationPointer = std::shared_ptr<Allocation>;

class Device {
 public:
  Device(int ordinal, const DeviceSetup& setup) : ordinal_(ordinal), setup_(setup) {}

  int ordinal() const { return ordinal_; }
  const DeviceSetup& setup() const { return setup_; }
  /// The error that every call returns; 0 while the device works.
  int lost() const { return lost_.load(std::memory_order_relaxed); }
  void lose(int error) {
    int works = 0;
    lost_.compare_exchange_strong(works, error, std::memory_order_relaxed);
  }

  std::size_t used = 0;     ///< bytes; guarded by the State's mutex
  std::mutex atomic_units;  ///< held while a kernel counts in memory shared with other kernels

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
  /// A number from 1, different for every machine of a process.
  std::uint64_t number() const { return number_; }
  /// Null if there is none.
  Device* device(int ordinal);
  int device_count() const { return static_cast<int>(devices_.size()); }

  /// Records an error of the program under test.
  void complain(const std::string& what);
  std::vector<std::string> complaints() const;
  std::vector<std::string> leaks() const;
  void wait_for_all();

  /// A fault that a machine was given.
  struct Armed {
    Fault fault;
    std::int64_t seen = 0;  ///< matching calls so far
    std::atomic<std::int64_t> fired{0};
  };
  void arm(Fault fault);
  std::int64_t fired(std::size_t fault) const;
  /// Counts a call, which queues work or does not, and returns the fault that it gets; null if
  /// none.
  Armed* count_call(std::string_view function, int device, bool queues);

  // Memory. The result for a device is null if there is no room.
  AllocationPointer allocate(std::size_t bytes, int device);
  /// The allocation that begins at an address; null if none.
  AllocationPointer starting_at(const void* data) const;
  /// The allocation that contains the whole of a range; null if none.
  AllocationPointer holding(const void* data, std::size_t bytes) const;
  void free(const AllocationPointer& allocation);
  std::size_t bytes_used(const Device& device) const;

  // Streams and events by their handles; null if a handle is invalid.
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
  mutable std::mutex mutex_;  // guards the members below; never taken by the streams' threads
  std::deque<Armed> faults_;
  std::map<std::string, std::int64_t, std::less<>> calls_;
  std::map<const std::byte*, AllocationPointer> allocations_;  // those that live
  std::map<cudaStream_t, std::shared_ptr<Stream>> streams_;
  std::map<const Device*, std::shared_ptr<Stream>> default_streams_;
  std::vector<std::shared_ptr<Stream>> retired_;
  std::map<cudaEvent_t, std::shared_ptr<Event>> events_;
  std::uint64_t streams_made_ = 0;
};

/// The machine of this process; null if none.
State* state();

/// The state that CUDA keeps for a host thread.
struct HostThread {
  std::uint64_t machine = 0;  ///< the state is ignored if this is another machine's number
  int device = 0;
  cudaError_t last_error = cudaSuccess;
};
HostThread& host_thread();

/// One call of a function of the runtime: it is counted, it may be refused, and the thread
/// remembers its error.
class Call {
 public:
  enum class Kind : std::uint8_t { plain, queues_work };
  /// A call for the thread's current device, or for a stream, event or memory of another device. It
  /// is refused if that device is lost, or if the current device is lost.
  explicit Call(const char* function, const Device* device = nullptr, Kind kind = Kind::plain);

  /// The call must return this error and do nothing.
  bool refused() const { return refusal_ != cudaSuccess; }
  /// The call is refused because a device is lost, not because of its own fault.
  bool device_lost() const { return device_lost_; }
  /// The error of the work that the call queues; 0 if it succeeds.
  int work_error() const { return work_error_; }
  State& state() const { return *state_; }
  Device& current() const { return *current_; }
  /// What the call returns, once it is not refused.
  cudaError_t result(cudaError_t code = cudaSuccess) const;
  /// What the call returns if it was refused, or is refused after all.
  cudaError_t refusal() const { return result(refusal_); }
  /// Reports a use that is not allowed.
  cudaError_t wrong(cudaError_t code, const std::string& what) const;

 private:
  const char* function_;
  State* state_;
  Device* current_ = nullptr;
  cudaError_t refusal_ = cudaSuccess;
  bool device_lost_ = false;
  int work_error_ = 0;
};

/// Queues work in a stream. The work may use only the given allocations. If one of them has been
/// freed when the work runs, an error is reported and the device is lost.
void queue_work(const Call& call, const std::shared_ptr<Stream>& stream, std::string name,
                std::vector<AllocationPointer> uses, std::function<void()> work);

}  // namespace stratem::emulated
