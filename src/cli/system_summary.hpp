// A survey system in words.
#pragma once

#include <string>

#include "stratem/system.hpp"

namespace stratem::cli {

/// Some lines for people: geometry, waveform, filters and gates of every moment.
std::string summary_of(const System& system);

}  // namespace stratem::cli
