// The descriptor of an open file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>

namespace stratem::io {

/// The reason why the last system call failed.
std::error_code last_error();

/// Owns the descriptor of a file, if it could be opened.
class Descriptor {
 public:
  Descriptor() = default;
  /// `flags` are those of open(). A new file may be read and written by all, reduced by the user's
  /// umask.
  Descriptor(const std::filesystem::path& path, int flags);
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  bool is_open() const { return value_ >= 0; }
  int value() const { return value_; }
  /// Closes the file. Returns false if that fails: some file systems report only now that the disk
  /// is full.
  bool close();

  /// Writes all bytes at a position in the file. Returns the first error, or none.
  std::error_code write_at(std::int64_t offset, std::span<const std::byte> bytes) const;
  /// Reads as many bytes as `bytes` has. Returns the first error; reaching the end of the file is
  /// an error too.
  std::error_code read_at(std::int64_t offset, std::span<std::byte> bytes) const;
  /// Reserves disk space for the whole file if the file system can.
  std::error_code reserve() const;
  /// Flushes written bytes to the disk.
  std::error_code sync() const;

 private:
  int value_ = -1;
};

}  // namespace stratem::io
