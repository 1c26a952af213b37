#include "stratem/backends.hpp"

#include "cpu/kernel.hpp"

namespace stratem {

std::vector<BackendStatus> backends() {
  return {
      {Backend::cuda, "one model per thread block on NVIDIA GPUs", false,
       "not part of this version"},
      {Backend::cpu, "SIMD over models on every core, " + cpu::instruction_set(), true, ""},
      {Backend::reference, "written to be believed: converged quadratures, one model at a time",
       true, ""},
  };
}

}  // namespace stratem
