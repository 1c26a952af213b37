// Whole text files, read and written at once.
#pragma once

#include <filesystem>
#include <string>

namespace stratem::io {

/// The file's bytes, without a UTF-8 byte order mark. Throws IoError if it cannot be opened or
/// read.
std::string read_text(const std::filesystem::path& path);

/// Writes the file, replacing an old one only once all is written. Throws IoError, and leaves
/// nothing behind then.
void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace stratem::io
