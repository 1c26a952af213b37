// One emulated device for the length of a program that is not a test. STRATEM_EMULATED_FAULT names
// a call, such as cudaLaunchKernel, that fails from the first time on.
#include <cuda_runtime_api.h>

#include <cstdlib>

#include "cuda/host_runtime/host_runtime.hpp"

namespace stratem::emulated {
namespace {

constexpr std::int64_t always = 1'000'000'000;

class ProgramDevices {
 public:
  ProgramDevices() {
    const char* const call = std::getenv("STRATEM_EMULATED_FAULT");
    if (call == nullptr) return;
    machine_.inject({.error = cudaErrorInvalidValue, .call = call, .times = always});
  }

 private:
  Machine machine_{MachineSetup{{DeviceSetup{}}}};
};

const ProgramDevices devices;

}  // namespace
}  // namespace stratem::emulated
