// A survey system in words.
#pragma once

#include <string>

#include "stratem/system.hpp"

namespace stratem::cli {

/// A summary to read, some lines long: geometry, waveform, filters and gates of every moment.
std::string summary_of(const System& system);

}  // namespace stratem::cli
