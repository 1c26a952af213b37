#include "io/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace stratem::io {
namespace {

constexpr mode_t read_and_write_by_all = 0666;  // reduced by the user's umask

}  // namespace

std::error_code last_error() { return {errno, std::generic_category()}; }

Descriptor::Descriptor(const std::filesystem::path& path, int flags)
    : value_(::open(path.c_str(), flags | O_CLOEXEC, read_and_write_by_all)) {}

Descriptor::~Descriptor() { close(); }

Descriptor::Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    value_ = std::exchange(other.value_, -1);
  }
  return *this;
}

bool Descriptor::close() { return !is_open() || ::close(std::exchange(value_, -1)) == 0; }

std::error_code Descriptor::write_at(std::int64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(value_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return last_error();
    offset += put;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

std::error_code Descriptor::read_at(std::int64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = ::pread(value_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_error();
    if (got == 0) return std::make_error_code(std::errc::io_error);
    offset += got;
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

std::error_code Descriptor::reserve() const {
  struct stat facts {};
  if (::fstat(value_, &facts) != 0) return last_error();
  if (facts.st_size == 0) return {};
#ifdef __linux__
  // posix_fallocate() would write zeros if the file system cannot reserve space.
  if (::fallocate(value_, 0, 0, facts.st_size) == 0) return {};
  const auto error = last_error();
  const bool full = error == std::errc::no_space_on_device || error == std::errc::file_too_large ||
                    error.value() == EDQUOT;
  if (full) return error;
#endif
  return {};
}

std::error_code Descriptor::sync() const {
  return ::fdatasync(value_) == 0 ? std::error_code() : last_error();
}

}  // namespace stratem::io
