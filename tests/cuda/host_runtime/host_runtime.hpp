// A machine with emulated CUDA devices: the settings that tests make, and the results they read.
// Its functions are those of the CUDA runtime; see README.md.
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
  /// The newest version of CUDA that the driver knows, such as 13000; 0: there is no driver. A
  /// version below the runtime's own is too old.
  int driver = 99990;
  /// Each copy and kernel starts late by up to this time.
  std::chrono::microseconds longest_delay{0};
  std::uint64_t seed = 1;  ///< of the delays, and of the order of blocks and threads
};

/// An error of a call, or of the work that it queues.
struct Fault {
  int error = 0;           ///< a cudaError_t; some lose the device: loses_device()
  std::int64_t nth = 0;    ///< counts the calls that match the members below, from 0
  std::string call{};      ///< such as "cudaMalloc"; empty: any
  int device = -1;         ///< the device that the call is for; -1: any
  bool when_done = false;  ///< only calls that queue work: they succeed, the work fails
  std::int64_t times = 1;  ///< how many calls in a row get it
};

/// Whether an error, a cudaError_t, is one that every later call for the device returns again.
bool loses_device(int error);

class State;

/// The machine that this process has while the object exists. Before and after that the process has
/// no driver. Only one may exist at a time. No calls may be running when it is made or destroyed.
class Machine {
 public:
  explicit Machine(MachineSetup setup);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Must not be called while other calls are running.
  void inject(Fault fault);
  /// How many calls have got the n-th fault; faults are counted from 0 in the order of injection.
  std::int64_t fired(std::size_t fault = 0) const;
  /// Calls of a function, such as "cudaMalloc", on all devices; of all functions if it is empty.
  std::int64_t calls(std::string_view function = {}) const;
  /// Bytes of a device's memory that are allocated.
  std::size_t bytes_used(int device) const;

  /// The errors in calls and work so far, a line each: use that CUDA forbids or leaves undefined.
  std::vector<std::string> complaints() const;
  /// The same, and resources not released: memory, streams, events. Waits for all work.
  std::vector<std::string> complaints_at_the_end();

 private:
  std::unique_ptr<State> state_;
};

}  // namespace stratem::emulated
