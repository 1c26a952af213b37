// A file that only one process at a time can write.
#pragma once

#include <filesystem>

#include "io/descriptor.hpp"

namespace stratem::io {

/// Opens an existing file for reading and writing. While the descriptor is open, no other process
/// can open the file through this function. The lock ends with the process, however that ends.
/// Readers are not blocked. On a file system without locks no process is blocked. Throws InputError
/// if the file is being written by another process or cannot be opened.
Descriptor open_locked(const std::filesystem::path& path);

}  // namespace stratem::io
