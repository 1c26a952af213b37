// Files named on the command line, looked at before anything is computed.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace stratem::cli {

/// The ending in lower case, with its dot: ".h5".
std::string ending(const std::filesystem::path& path);

/// Throws InputError unless the path is a file that can be read.
void check_input(const std::filesystem::path& path);

/// Throws InputError unless a file of one of the endings can be written there: the folder exists
/// and takes new files, and nothing is there yet, or `overwrite` and it is a plain file.
void check_output(const std::filesystem::path& path,
                  std::initializer_list<std::string_view> endings, bool overwrite);

/// Throws InputError if writing `output` would replace the file `input`.
void check_distinct(const std::filesystem::path& input, const std::filesystem::path& output);

}  // namespace stratem::cli
