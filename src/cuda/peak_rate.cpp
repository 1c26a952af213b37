#include "cuda/peak_rate.hpp"

#include <algorithm>
#include <array>

namespace stratem::cuda {
namespace {

/// Results of additions, multiplications or fused multiply-adds in a cycle of a multiprocessor.
struct Throughput {
  ComputeCapability capability;
  double in_double = 0.0;
  double in_single = 0.0;
};

// NVIDIA, CUDA C++ Programming Guide, section "Arithmetic Instructions", table of the throughput of
// native arithmetic instructions.
constexpr std::array throughputs{
    Throughput{{6, 0}, 32, 64},  Throughput{{6, 1}, 4, 128},  Throughput{{7, 0}, 32, 64},
    Throughput{{7, 5}, 2, 64},   Throughput{{8, 0}, 32, 64},  Throughput{{8, 6}, 2, 128},
    Throughput{{8, 9}, 2, 128},  Throughput{{9, 0}, 64, 128}, Throughput{{10, 0}, 64, 128},
    Throughput{{12, 0}, 2, 128}, Throughput{{12, 1}, 2, 128},
};

}  // namespace

std::optional<PeakRate> peak_rate(const DeviceArithmetic& device) {
  const auto known = std::ranges::find(throughputs, device.capability, &Throughput::capability);
  if (known == throughputs.end() || !(device.clock > 0.0)) return std::nullopt;
  const double cycles = static_cast<double>(device.multiprocessors) * device.clock;
  return PeakRate{2.0 * known->in_double * cycles, 2.0 * known->in_single * cycles};
}

double peak_fraction(const Operations& per_model, const PeakRate& peak, double models_per_second) {
  return models_per_second *
         (per_model.in_double / peak.float64 + per_model.in_single / peak.float32);
}

}  // namespace stratem::cuda
