// A device that a plan has been copied to.
#pragma once

#include "kernels/launch.hpp"
#include "stratem/backends.hpp"

namespace stratem::cuda {

/// A device with a plan in its memory. Immutable: all that compute on the device share it.
struct LoadedDevice {
  Device device;
  kernels::DevicePlan plan;
};

}  // namespace stratem::cuda
