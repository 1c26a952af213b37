// How fast devices run a plan's kernel alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace stratem {

/// Operations a second of a device whose arithmetic units all do a fused multiply-add, which counts
/// as two, in every cycle of the peak clock.
struct PeakRate {
  double in_double = 0.0;
  double in_single = 0.0;
};

/// The forward kernel on one device, over models that are in its memory already and with responses
/// that stay there. See Plan::kernel_rates().
struct KernelRate {
  std::string device;       ///< its name
  std::int64_t models = 0;  ///< of a launch
  double models_per_second = 0.0;
  /// Threads that a multiprocessor has at work, of those it can hold, in the precision that most of
  /// the plan's evaluations are in: what registers and shared memory leave room for, not a
  /// measurement.
  double occupancy = 0.0;
  /// None for a compute capability that came after this version.
  std::optional<PeakRate> peak;
  /// Time that the operations of r_TE would take at the peak of the precision that each is in, of
  /// the time that the kernel takes; none without `peak` and with polarizable layers. An addition,
  /// multiplication, division, root or comparison is one operation, a fused multiply-add two, a
  /// complex exponential 74, whatever the device does for it; interfaces that the kernel leaves out
  /// are left out, and so are all other sums and models that single precision leaves to double.
  std::optional<double> peak_fraction;
};

}  // namespace stratem
