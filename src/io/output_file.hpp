// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace stratem::io {

/// A file on its way: written under a temporary name beside its target and renamed at the end.
/// Destroyed before commit(), it leaves nothing behind.
class OutputFile {
 public:
  /// Makes an empty temporary file. Throws InputError if the target exists and is no plain file or
  /// `overwrite` is not set, or, with the system's reason, if no file can be made there. A link
  /// stays one: the file it leads to is replaced.
  OutputFile(std::filesystem::path target, bool overwrite);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::filesystem::path& target() const { return target_; }
  const std::filesystem::path& temporary() const { return temporary_; }

  /// Replaces the temporary file's bytes. Throws IoError.
  void write(std::string_view bytes) const;
  /// Adds to its end. Throws IoError.
  void append(std::string_view bytes) const;
  /// Sets disk space aside for all of the file, where the file system can. Throws IoError if there
  /// is not enough.
  void reserve() const;
  /// Brings the bytes to the disk and gives the file its name. The file must have been closed.
  /// Throws IoError, or InputError if a file of the target's name has appeared meanwhile.
  void commit();

 private:
  void write(std::string_view bytes, int flags) const;
  /// Names the file if nothing has that name and the file system can give a file two names.
  bool give_new_name() const;

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool overwrite_;
};

/// Throws what writing such a file would throw at once: InputError for a name with another ending
/// than those, and as OutputFile's constructor does. Leaves nothing behind.
void check_writable(const std::filesystem::path& path,
                    std::initializer_list<std::string_view> endings, bool overwrite);

}  // namespace stratem::io
