// A machine with CUDA devices that there are not: what tests set of it, and what they read. Its
// functions are those of the CUDA runtime; see README.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stratem::emulated {

struct DeviceSetup {
  std::size_t memory = std::size_t{1} << 30;  ///< bytes
  int multiprocessors = 2;
};

struct MachineSetup {
  std::vector<DeviceSetup> devices;
  /// The newest version of CUDA that the driver knows, such as 13000; 0: there is no driver. Below
  /// the runtime's own it is too old.
  int driver = 99990;
  /// Each copy and kernel starts up to so much late.
  std::chrono::microseconds longest_delay{0};
  std::uint64_t seed = 1;  ///< of the delays, and of the order of blocks and threads
};

/// An error that a call gives, or the work that it queues.
struct Fault {
  int error = 0;           ///< a cudaError_t; some lose the device: loses_device()
  std::int64_t nth = 0;    ///< of the calls that fit what follows, from 0
  std::string call{};      ///< such as "cudaMalloc"; empty: any
  int device = -1;         ///< that the call is for; -1: any
  bool when_done = false;  ///< only calls that queue work: they succeed, the work fails
  std::int64_t times = 1;  ///< calls in a row that it befalls
};

/// Whether an error, a cudaError_t, is one after which every call for the device gives it again.
bool loses_device(int error);

class State;

/// The machine that this process has while the object lives; before and after that it has no
/// driver. One at a time, without calls under way when it is made or ends.
class Machine {
 public:
  explicit Machine(MachineSetup setup);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Not while calls are under way.
  void inject(Fault fault);
  /// Calls that the n-th fault has befallen, from 0 in the order in which they were injected.
  std::int64_t fired(std::size_t fault = 0) const;
  /// Calls of a function, such as "cudaMalloc", on all devices; of all functions if it is empty.
  std::int64_t calls(std::string_view function = {}) const;
  /// Bytes of a device's memory that are handed out.
  std::size_t bytes_used(int device) const;

  /// What was wrong in calls and work so far, a line each: what CUDA forbids or leaves undefined.
  std::vector<std::string> complaints() const;
  /// The same, and what has not been given back: memory, streams, events. Waits for all work.
  std::vector<std::string> complaints_at_the_end();

 private:
  std::unique_ptr<State> state_;
};

}  // namespace stratem::emulated
