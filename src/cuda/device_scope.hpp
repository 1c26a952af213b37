// The device that the calls of a thread go to.
#pragma once

#include <optional>

namespace stratem::cuda {

/// The device that is current in this thread. Throws kernels::CudaError.
int current_device();
/// Makes a device current in this thread permanently. Makes no call for the device that was current
/// before. Throws kernels::CudaError.
void make_current(int ordinal);

/// Makes a device current in this thread until the end of the scope. The caller's device is then
/// current again.
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

/// The same for destructors: errors are ignored. Resources of a device are released while that
/// device is current, because calls may fail while a lost device is current.
class QuietDeviceScope {
 public:
  explicit QuietDeviceScope(int ordinal) noexcept;
  ~QuietDeviceScope();
  QuietDeviceScope(const QuietDeviceScope&) = delete;
  QuietDeviceScope& operator=(const QuietDeviceScope&) = delete;

 private:
  std::optional<int> before_;  // none if there is no device to return to, or it is not known
};

}  // namespace stratem::cuda
