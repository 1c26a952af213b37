// HDF5 or CSV, by the name's ending in small or capital letters.
#pragma once

#include <cstdint>
#include <filesystem>

namespace stratem::io {

enum class FileKind : std::uint8_t { hdf5, csv };

/// Throws InputError naming the endings that are allowed.
FileKind kind_of(const std::filesystem::path& path);

}  // namespace stratem::io
