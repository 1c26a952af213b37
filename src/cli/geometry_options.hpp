// What a .gex or .stm file does not know and the command line says.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/arguments.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {

std::vector<OptionSpec> geometry_option_specs();

/// Reads the system file with what the options say of its geometry. Throws InputError if an option
/// means nothing for a file of this kind.
SystemFile read_system_file(const std::filesystem::path& path, const Arguments& arguments);

}  // namespace stratem::cli
