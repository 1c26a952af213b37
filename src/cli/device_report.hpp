// What a verb says about devices that failed while it computed.
#pragma once

#include "stratem/backends.hpp"

namespace stratem::cli {

/// Prints the faults on standard error, a line each. Returns whether there are any.
bool report_faults(Backend backend, const DeviceFaults& faults);

}  // namespace stratem::cli
