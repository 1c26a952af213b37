// Checks of the geometry: loops, transmitters, receivers.
#pragma once

#include <string>

#include "stratem/system.hpp"

namespace stratem::core {

/// Throws InputError naming the key below `path` (such as "moments[0]") if a loop, a position, a
/// height, a number of turns or a polarity of the moment is not allowed, or a receiver lies on a
/// transmitter's wire.
void check_geometry(const Moment& moment, const std::string& path, bool height_from_models);

/// Key path of a member of a list that the JSON file writes without brackets if it has one element.
std::string element_path(const std::string& path, std::size_t index, std::size_t count);

}  // namespace stratem::core
