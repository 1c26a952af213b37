// The known keys of a .gex file, and which of them no response depends on.
#pragma once

#include <string>
#include <vector>

#include "io/system/gex_file.hpp"

namespace stratem::io {

/// The keys in the file that were not read, such as "GPSPosition1, FrontGateDelay", each once;
/// empty if there are none. Throws InputError at the first of them that is not known to be
/// harmless: a misspelt key must not silently get its default.
std::string harmless_unused_keys(const std::vector<GexSection>& sections);

}  // namespace stratem::io
