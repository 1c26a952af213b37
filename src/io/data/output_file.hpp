// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace stratem::io {

/// A file on its way: written under a temporary name beside its target and renamed at the end.
/// Destroyed before commit(), it leaves nothing behind.
class OutputFile {
 public:
  /// Makes an empty temporary file. Throws InputError if the target exists and `overwrite` is not
  /// set, IoError with the system's reason if nothing can be written there.
  OutputFile(std::filesystem::path target, bool overwrite);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::filesystem::path& target() const { return target_; }
  const std::filesystem::path& temporary() const { return temporary_; }

  /// Replaces the temporary file's bytes. Throws IoError.
  void write(std::string_view bytes) const;
  /// Brings the bytes to the disk and gives the file its name. The file must have been closed.
  /// Throws IoError, or InputError if a file of the target's name has appeared meanwhile.
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool overwrite_;
};

}  // namespace stratem::io
