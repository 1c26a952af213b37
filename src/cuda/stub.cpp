// Stands in for the cuda backend where it is not built.
#include "cuda/cuda.hpp"
#include "stratem/error.hpp"

namespace stratem::cuda {
namespace {

[[noreturn]] void throw_unavailable() {
  throw UnavailableError("backend cuda: " + reason_against());
}

}  // namespace

std::string reason_against() {
  return "not built: this library was configured without STRATEM_CUDA or without a CUDA compiler";
}

std::vector<Device> devices() { return {}; }

int device_of(const void*) { throw_unavailable(); }

std::shared_ptr<std::byte> allocate_on_device(int, std::size_t) { throw_unavailable(); }

void count_layers(const DeviceModels&, std::int32_t*, void*) { throw_unavailable(); }

LoadedDevices load_devices(const core::PlanTable&, const System&, const ExecutionOptions&) {
  throw_unavailable();
}

std::vector<core::ComputeDevice> open_devices(const LoadedDevices&, const ExecutionOptions&) {
  throw_unavailable();
}

std::unique_ptr<core::DeviceEvaluator> make_array_evaluator(const LoadedDevices&,
                                                            const core::DeclaredRange&) {
  throw_unavailable();
}

std::vector<KernelRate> kernel_rates(const core::PlanTable&, const System&, const ExecutionOptions&,
                                     const ModelBatch&, double) {
  throw_unavailable();
}

}  // namespace stratem::cuda
