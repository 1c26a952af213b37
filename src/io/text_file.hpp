// Whole text files, read and written at once.
#pragma once

#include <filesystem>
#include <string>

namespace stratem::io {

/// The file's bytes, without a UTF-8 byte order mark. Throws IoError if it cannot be opened or
/// read.
std::string read_text(const std::filesystem::path& path);

/// Writes the whole file through an OutputFile: it appears at once or not at all. Errors are those
/// of OutputFile.
void write_text(const std::filesystem::path& path, const std::string& text, bool overwrite);

}  // namespace stratem::io
