// A file that one process at a time writes.
#pragma once

#include <filesystem>

#include "io/descriptor.hpp"

namespace stratem::io {

/// Opens an existing file to be read and written, and keeps every other process from doing the same
/// through this function for as long as the descriptor is open: the lock ends with the process,
/// however that ends. Readers are not held up. On a file system without locks nobody is. Throws
/// InputError if the file is being written by another process or cannot be opened.
Descriptor open_locked(const std::filesystem::path& path);

}  // namespace stratem::io
