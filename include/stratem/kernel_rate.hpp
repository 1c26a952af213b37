// How fast devices run a plan's kernel alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/models.hpp"
#include "stratem/plan.hpp"

namespace stratem {

/// Operations a second of a device if all its arithmetic units do a fused multiply-add, which
/// counts as two, in every cycle of the peak clock.
struct PeakRate {
  double float64 = 0.0;
  double float32 = 0.0;
};

/// The speed of the forward kernel on one device, over models that are already in its memory and
/// with responses that stay there. See kernel_rates().
struct KernelRate {
  std::string device;       ///< its name
  std::int64_t models = 0;  ///< of a launch
  double models_per_second = 0.0;
  /// Fraction of the threads of a multiprocessor that registers and shared memory leave room for,
  /// in the precision of most of the plan's evaluations. Computed, not measured.
  double occupancy = 0.0;
  /// None for a compute capability that is newer than this version.
  std::optional<PeakRate> peak;
  /// Time that the operations of r_TE would take, each at the peak of its own precision, divided by
  /// the time that the kernel takes; none without `peak` and with polarizable layers. An addition,
  /// multiplication, division, root or comparison counts as one operation, a fused multiply-add as
  /// two, a complex exponential as 74, whatever the device does for it. Not counted are interfaces
  /// that the kernel leaves out, all other sums, and models that single precision leaves to double.
  std::optional<double> peak_fraction;
};

/// Measures the kernel alone on every device of a plan on cuda or hybrid, one device after another.
/// Each computes as many of the models as one of its streams would take at a time, for at least
/// `seconds` and at least once. Empty for other backends. The plan should compute nothing else
/// meanwhile. Throws InputError on shapes that do not fit or without models, DeviceError naming the
/// device that fails.
STRATEM_EXPORT std::vector<KernelRate> kernel_rates(const Plan& plan, const ModelBatch& models,
                                                    double seconds);

}  // namespace stratem
