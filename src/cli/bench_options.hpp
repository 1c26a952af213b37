// The options that bench varies, and all their combinations.
#pragma once

#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "stratem/options.hpp"

namespace stratem::cli {

/// Whether a list of the option's values may be given; every combination is measured.
bool is_varied(std::string_view option);

/// Whether a backend computes on devices, so that streams matter and there is a kernel to measure.
bool uses_devices(Backend backend);
/// Whether a backend computes on the host's cores, so that threads matter.
bool uses_cores(Backend backend);

/// Options with one value of each list, in the order of the table; checked. A backend comes with
/// the threads and streams that matter to it and is never Backend::automatic. Without lists, all
/// backends that can run here except the reference: the cpu with 1, 2, 4 ... threads up to all
/// cores, cuda with 1 to 4 streams. Throws InputError naming the option.
std::vector<Options> bench_options(const Arguments& arguments);

}  // namespace stratem::cli
