// The texts in response files.
#pragma once

#include <string>

#include "stratem/system.hpp"

namespace stratem::io {

/// Units such as "V/(A m^2)", or "LM: V/(A m^2); HM: T/A" if the moments differ.
std::string response_units(const System& system);

/// "0: ok; 1: ..." for all statuses.
std::string status_meanings();

}  // namespace stratem::io
