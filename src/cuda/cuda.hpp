// The cuda backend as the rest of the library sees it, whether it is built or not.
#pragma once

#include <string>
#include <vector>

#include "core/backend/worker.hpp"
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

/// The devices that the options name, or all, each with the table uploaded and its workers. Throws
/// UnavailableError if the backend cannot run here, InputError if a device does not exist,
/// DeviceError naming the device if one does not start.
std::vector<core::ComputeDevice> open_devices(const core::PlanTable& table, const System& system,
                                              const ExecutionOptions& options);

/// See stratem::kernel_rates(). Measures the devices that the options name, or all, one after
/// another. `models` must have checked shapes and at least one model. Throws as open_devices()
/// does.
std::vector<KernelRate> kernel_rates(const core::PlanTable& table, const System& system,
                                     const ExecutionOptions& options, const ModelBatch& models,
                                     double seconds);

}  // namespace stratem::cuda
