#include "stratem/backends.hpp"

#include "cpu/kernel.hpp"
#include "cuda/cuda.hpp"

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

}  // namespace stratem
