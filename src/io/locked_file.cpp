#include "io/locked_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "stratem/error.hpp"

namespace stratem::io {
namespace {

/// A lock of the open file, not of the process (Linux, POSIX 2024). It does not end when HDF5 opens
/// and closes the same file. It is independent of HDF5's own locks, so the file can be read.
bool lock(int descriptor) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(descriptor, F_OFD_SETLK, &whole) == 0;
}

bool still_has_that_name(int descriptor, const std::filesystem::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

Descriptor open_locked(const std::filesystem::path& path) {
  for (;;) {
    Descriptor file(path, O_RDWR);
    if (!file.is_open()) {
      throw InputError(path.string() + ": cannot be written: " + last_error().message());
    }
    // Any other error means a file system without locks, as on some clusters. Continue without.
    if (!lock(file.value()) && (errno == EAGAIN || errno == EACCES)) {
      throw InputError(path.string() + ": is being written by another process");
    }
    // Between opening and locking, another process may have put a new file in its place.
    if (still_has_that_name(file.value(), path)) return file;
  }
}

}  // namespace stratem::io
