// The cuda backend as the rest of the library sees it, whether it is built or not.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/backend/device_evaluator.hpp"
#include "core/backend/worker.hpp"
#include "core/earth/declared_range.hpp"
#include "core/plan/plan_table.hpp"
#include "stratem/backends.hpp"
#include "stratem/kernel_rate.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::cuda {

/// Why the backend cannot run here: not built, no driver, no device; empty if it can.
std::string reason_against();

/// See stratem::devices().
std::vector<Device> devices();

/// See stratem::device_of().
int device_of(const void* address);
/// See stratem::allocate_on_device().
std::shared_ptr<std::byte> allocate_on_device(int device, std::size_t bytes);

/// See stratem::count_layers_on_device(); takes checked shapes of at least one model.
void count_layers(const DeviceModels& models, std::int32_t* layer_count, void* stream);

struct LoadedDevice;
using LoadedDevices = std::vector<std::shared_ptr<const LoadedDevice>>;

/// The devices that the options name, or all, each with the table in its memory. Throws
/// UnavailableError if the backend cannot run here, InputError if a device does not exist,
/// DeviceError naming the device if one does not start.
LoadedDevices load_devices(const core::PlanTable& table, const System& system,
                           const ExecutionOptions& options);

/// The same devices with workers, for models in the host's memory. Throws DeviceError naming the
/// device if one does not start.
std::vector<core::ComputeDevice> open_devices(const LoadedDevices& devices,
                                              const ExecutionOptions& options);

/// The same devices for models in their memory.
std::unique_ptr<core::DeviceEvaluator> make_array_evaluator(const LoadedDevices& devices,
                                                            const core::DeclaredRange& range);

/// See stratem::kernel_rates(). Measures the devices that the options name, or all, one after
/// another. `models` must have checked shapes and at least one model. Throws as load_devices()
/// does.
std::vector<KernelRate> kernel_rates(const core::PlanTable& table, const System& system,
                                     const ExecutionOptions& options, const ModelBatch& models,
                                     double seconds);

}  // namespace stratem::cuda
