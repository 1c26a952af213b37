// The peak rate of a device, and the fraction of it that a kernel reaches. Plain arithmetic: built
// and tested everywhere.
#pragma once

#include <optional>

#include "cuda/operations.hpp"
#include "stratem/kernel_rate.hpp"

namespace stratem::cuda {

struct ComputeCapability {
  int major = 0;
  int minor = 0;

  bool operator==(const ComputeCapability&) const = default;
};

/// The properties of a device that its peak rate depends on.
struct DeviceArithmetic {
  ComputeCapability capability;
  int multiprocessors = 0;
  double clock = 0.0;  ///< Hz, the peak
};

/// multiprocessors x clock x results per cycle of fused multiply-adds x 2; none if one of them
/// is not known.
std::optional<PeakRate> peak_rate(const DeviceArithmetic& device);

/// See KernelRate::peak_fraction.
double peak_fraction(const Operations& per_model, const PeakRate& peak, double models_per_second);

}  // namespace stratem::cuda
