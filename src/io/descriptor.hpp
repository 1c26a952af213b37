// The descriptor of an open file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>

namespace stratem::io {

/// What the last failed call of the system complained about.
std::error_code last_error();

/// Owns the descriptor of a file, if it could be opened.
class Descriptor {
 public:
  Descriptor() = default;
  /// `flags` as of open(); a new file may be read and written by all, less the user's umask.
  Descriptor(const std::filesystem::path& path, int flags);
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  bool is_open() const { return value_ >= 0; }
  int value() const { return value_; }
  /// Some file systems only say now that the disk is full.
  bool close();

  /// Writes all bytes at a place of the file; the first error, or none.
  std::error_code write_at(std::int64_t place, std::span<const std::byte> bytes) const;
  /// Reads as many bytes as `bytes` has; the first error, one at the file's end among them.
  std::error_code read_at(std::int64_t place, std::span<std::byte> bytes) const;
  /// Sets disk space aside for all of the file, where the file system can.
  std::error_code reserve() const;
  /// Brings what has been written to the disk.
  std::error_code sync() const;

 private:
  int value_ = -1;
};

}  // namespace stratem::io
