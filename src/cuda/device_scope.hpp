// The device that the calls of a thread go to.
#pragma once

namespace stratem::cuda {

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

}  // namespace stratem::cuda
