// In which device's memory the arrays of a call are.
#pragma once

#include <cstdint>
#include <string_view>

#include "stratem/device_arrays.hpp"

namespace stratem::cuda {

// A kernel that reads or writes memory of the host, or at an address that is not aligned, loses the
// device for the whole process. Arrays are therefore looked at before.

/// The device whose memory all arrays of a batch of checked shapes are in. Throws InputError naming
/// an array that is elsewhere or not aligned, kernels::CudaError.
int device_of_models(const DeviceModels& models);

/// Throws InputError naming the array unless it is in that device's memory and aligned,
/// kernels::CudaError.
void expect_on_device(int device, std::string_view name, const double* array);
void expect_on_device(int device, std::string_view name, const std::int32_t* array);
void expect_on_device(int device, std::string_view name, const Status* array);

}  // namespace stratem::cuda
