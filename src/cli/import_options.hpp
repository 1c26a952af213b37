// Geometry from the command line that a .gex or .stm file does not contain.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/arguments.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {

std::vector<OptionSpec> import_option_specs();

/// Reads the system file with the geometry given by the options. Throws InputError if an option has
/// no meaning for a file of this kind.
SystemFile read_system_file(const std::filesystem::path& path, const Arguments& arguments);

}  // namespace stratem::cli
