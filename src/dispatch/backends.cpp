#include "stratem/backends.hpp"

#include "core/earth/model_arrays.hpp"
#include "cpu/kernel.hpp"
#include "cuda/cuda.hpp"
#include "stratem/device_arrays.hpp"

namespace stratem {

std::vector<BackendStatus> backends() {
  const std::string reason = cuda::reason_against();
  return {
      {Backend::cuda, "one model per thread block on NVIDIA GPUs", reason.empty(), reason},
      {Backend::cpu, "SIMD over models on every core, " + cpu::instruction_set(), true, ""},
      {Backend::reference, "written to be believed: converged quadratures, one model at a time",
       true, ""},
      {Backend::hybrid, "cuda and cpu share the models", reason.empty(), reason},
  };
}

std::vector<Device> devices() { return cuda::devices(); }

int device_of(const void* address) { return cuda::device_of(address); }

void count_layers_on_device(const DeviceModels& models, std::int32_t* layer_count, void* stream) {
  check_shapes(core::views_of(models));
  if (models.models > 0) cuda::count_layers(models, layer_count, stream);
}

std::shared_ptr<std::byte> allocate_on_device(int device, std::size_t bytes) {
  return cuda::allocate_on_device(device, bytes);
}

}  // namespace stratem
