// Arrays in the memory of a device, which Plan::forward_on_device() reads and writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "stratem/export.hpp"
#include "stratem/models.hpp"

namespace stratem {

/// Models whose arrays are in the memory of one device. They are as those of ModelBatch, but dense
/// and row-major; a null pointer is an absent array. Managed memory is allowed, host memory is not.
struct DeviceModels {
  std::int64_t models = 0;
  std::int64_t layers = 0;                    ///< largest number of layers; 1 .. 200
  const double* resistivity = nullptr;        ///< [models, layers], ohm-m
  const double* thickness = nullptr;          ///< [models, layers - 1], m, or
  const double* depth = nullptr;              ///< [models, layers], m
  const std::int32_t* layer_count = nullptr;  ///< [models]; without it all have `layers` layers
  const double* chargeability = nullptr;      ///< [models, layers], with the next two
  const double* time_constant = nullptr;      ///< [models, layers], s
  const double* exponent = nullptr;           ///< [models, layers]
  const double* height = nullptr;             ///< [models], m
};

/// The arrays that a computation writes, in the memory of the models' device; see ResponseView.
struct DeviceResponses {
  double* response = nullptr;  ///< [models, gates], row-major
  Status* status = nullptr;    ///< [models]
};

/// The ordinal of the device whose memory an address is in. Throws InputError if it is no memory of
/// a device, UnavailableError if the cuda backend cannot run here. Any number of threads may call
/// this at once.
STRATEM_EXPORT int device_of(const void* address);

/// Counts the layers of models whose rows are filled up with NaN, into layer_count [models] in the
/// memory of the same device. The layers that are missing at the end of a row have NaN as
/// resistivity and as depth, or thickness of the layer above. Every model keeps its first layer.
/// `stream` is as that of Plan::forward_on_device(); returns when the counts are written. Throws
/// InputError on shapes that do not fit and for arrays that are not in the memory of one device,
/// UnavailableError if the cuda backend cannot run here, DeviceError naming the device that fails.
/// Any number of threads may call this at once.
STRATEM_EXPORT void count_layers_on_device(const DeviceModels& models, std::int32_t* layer_count,
                                           void* stream = nullptr);

/// Allocates memory of a device with this ordinal, aligned for any number, for programs that have
/// no allocator of their own. It is freed with its last owner, which waits for the device's work.
/// Throws InputError if the device does not exist, UnavailableError if the cuda backend cannot run
/// here, DeviceError naming the device if it has too little memory. Any number of threads may call
/// this at once.
STRATEM_EXPORT std::shared_ptr<std::byte> allocate_on_device(int device, std::size_t bytes);

}  // namespace stratem
