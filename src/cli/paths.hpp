// Checks files named on the command line before anything is computed.
#pragma once

#include <filesystem>

namespace stratem::cli {

/// Throws InputError unless the path is a file that can be read.
void check_input(const std::filesystem::path& path);

/// Throws InputError if writing `output` would replace the file `input`.
void check_distinct(const std::filesystem::path& input, const std::filesystem::path& output);

}  // namespace stratem::cli
