// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace stratem::io {

/// A file that is being written. It has a temporary name in the folder of its target and is renamed
/// at the end. If the object is destroyed before commit(), no file is left behind.
class OutputFile {
 public:
  /// Makes an empty temporary file. Throws InputError if the target exists and is not a plain file
  /// or `overwrite` is not set, or, with the operating system's reason, if no file can be made
  /// there. A link stays a link: the file it points to is replaced.
  OutputFile(std::filesystem::path target, bool overwrite);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::filesystem::path& target() const { return target_; }
  const std::filesystem::path& temporary() const { return temporary_; }

  /// Replaces the temporary file's bytes. Throws IoError.
  void write(std::string_view bytes) const;
  /// Appends bytes. Throws IoError.
  void append(std::string_view bytes) const;
  /// Reserves disk space for the whole file if the file system can. Throws IoError if there is not
  /// enough.
  void reserve() const;
  /// Flushes the bytes to the disk and gives the file its name. The file must have been closed.
  /// Throws IoError, or InputError if a file of the target's name has appeared meanwhile.
  void commit();

 private:
  void write(std::string_view bytes, int flags) const;
  /// Names the file if no file has that name and the file system supports hard links.
  bool give_new_name() const;

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool overwrite_;
};

/// Throws the errors that writing such a file would throw at once: InputError for a name with
/// another ending, and the errors of OutputFile's constructor. Leaves no file behind.
void check_writable(const std::filesystem::path& path,
                    std::initializer_list<std::string_view> endings, bool overwrite);

}  // namespace stratem::io
