// The module _emulated, in one file with a _core that has emulated devices: a machine, and memory
// of its devices.
#include <cuda_runtime_api.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cuda/host_runtime/host_runtime.hpp"

namespace nb = nanobind;

namespace stratem::emulated {
namespace {

std::unique_ptr<Machine>& machine() {
  static std::unique_ptr<Machine> only;
  return only;
}

void start(int devices) {
  MachineSetup setup;
  setup.devices.resize(static_cast<std::size_t>(devices));
  setup.longest_delay = std::chrono::microseconds(200);
  machine() = std::make_unique<Machine>(setup);
}

std::vector<std::string> stop() {
  const std::vector<std::string> complaints = machine()->complaints_at_the_end();
  machine().reset();
  return complaints;
}

/// The address of new memory on a device. The device's memory is memory of the process.
std::uintptr_t allocate(int device, std::size_t bytes) {
  void* data = nullptr;
  static_cast<void>(cudaSetDevice(device));
  static_cast<void>(cudaMalloc(&data, bytes));
  static_cast<void>(cudaSetDevice(0));
  return reinterpret_cast<std::uintptr_t>(data);
}

void release(std::uintptr_t address) {
  static_cast<void>(cudaFree(reinterpret_cast<void*>(address)));
}

std::uintptr_t new_stream() {
  cudaStream_t stream = nullptr;
  static_cast<void>(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  return reinterpret_cast<std::uintptr_t>(stream);
}

void end_stream(std::uintptr_t stream) {
  static_cast<void>(cudaStreamDestroy(reinterpret_cast<cudaStream_t>(stream)));
}

}  // namespace
}  // namespace stratem::emulated

NB_MODULE(_emulated, m) {
  using namespace stratem::emulated;
  m.def("start", &start, nb::arg("devices"));
  m.def("stop", &stop);
  m.def("lose", [](int error) { machine()->inject({.error = error, .call = "cudaLaunchKernel"}); });
  m.def("calls", [](const std::string& name) { return machine()->calls(name); });
  m.def("bytes_used", [](int device) { return machine()->bytes_used(device); });
  m.def("allocate", &allocate, nb::arg("device"), nb::arg("bytes"));
  m.def("release", &release, nb::arg("address"));
  m.def("new_stream", &new_stream);
  m.def("end_stream", &end_stream, nb::arg("stream"));
}
