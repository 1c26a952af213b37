// Stands in for the cuda backend where it is not built.
#include "cuda/cuda.hpp"
#include "stratem/error.hpp"

namespace stratem::cuda {

std::string reason_against() {
  return "not built: this library was configured without STRATEM_CUDA or without a CUDA compiler";
}

std::vector<Device> devices() { return {}; }

std::vector<core::ComputeDevice> open_devices(const core::PlanTable&, const System&,
                                              const ExecutionOptions&) {
  throw UnavailableError("backend cuda: " + reason_against());
}

std::vector<KernelRate> kernel_rates(const core::PlanTable&, const System&, const ExecutionOptions&,
                                     const ModelBatch&, double) {
  throw UnavailableError("backend cuda: " + reason_against());
}

}  // namespace stratem::cuda
