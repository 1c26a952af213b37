// The device that the calls of a thread go to.
#pragma once

#include <optional>

namespace stratem::cuda {

/// The device that is current in this thread. Throws kernels::CudaError.
int current_device();
/// Makes a device current in this thread for good. Asks nothing of the one that was. Throws
/// kernels::CudaError.
void make_current(int ordinal);

/// Makes a device current in this thread until the end of the scope; the caller's own is current
/// again then.
class DeviceScope {
 public:
  /// Throws kernels::CudaError.
  explicit DeviceScope(int ordinal);
  ~DeviceScope();
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;

 private:
  int before_ = 0;
};

/// The same for destructors: what fails is ignored. What is a device's is given back with that
/// device current, as calls may fail while a device is current that was lost.
class QuietDeviceScope {
 public:
  explicit QuietDeviceScope(int ordinal) noexcept;
  ~QuietDeviceScope();
  QuietDeviceScope(const QuietDeviceScope&) = delete;
  QuietDeviceScope& operator=(const QuietDeviceScope&) = delete;

 private:
  std::optional<int> before_;  // none: there is nothing to come back to, or it is not known
};

}  // namespace stratem::cuda
