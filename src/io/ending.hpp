// The format of a file, from the ending of its name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace stratem::io {

/// The ending in lower case, with its dot: ".h5"; empty if there is none.
std::string ending_of(const std::filesystem::path& path);

/// Throws InputError naming the endings that are allowed unless the path has one of them.
void check_ending(const std::filesystem::path& path,
                  std::initializer_list<std::string_view> allowed);

/// The formats of models, responses and statistics.
enum class FileKind : std::uint8_t { hdf5, csv };

/// The format that the ending tells. Throws InputError naming the endings that are allowed.
FileKind kind_of(const std::filesystem::path& path);

}  // namespace stratem::io
