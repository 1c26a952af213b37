#include "io/data/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

#include "stratem/error.hpp"

namespace stratem::io {
namespace {

namespace fs = std::filesystem;

constexpr mode_t read_and_write_by_all = 0666;  // less what the user's umask takes away

[[noreturn]] void fail(const fs::path& path, const std::error_code& reason) {
  throw IoError(path.string() + ": cannot be written: " + reason.message());
}

[[noreturn]] void fail(const fs::path& path) {
  fail(path, std::error_code(errno, std::generic_category()));
}

/// The descriptor of an open file.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : value_(open(path, flags)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return value_ >= 0; }
  int value() const { return value_; }
  /// Some file systems only say now that the disk is full.
  bool close() { return ::close(std::exchange(value_, -1)) == 0; }

 private:
  static int open(const fs::path& path, int flags) {
    return ::open(path.c_str(), flags | O_CLOEXEC, read_and_write_by_all);
  }
  int value_;
};

/// One name for each file of each process, so that two that write the same target do not meet.
fs::path temporary_name(const fs::path& target) {
  static std::atomic<unsigned> files{0};
  fs::path name = target;
  name += "." + std::to_string(::getpid()) + "-" + std::to_string(files++) + ".part";
  return name;
}

void refuse_existing(const fs::path& target, bool overwrite) {
  std::error_code error;
  const auto kind = fs::status(target, error).type();
  if (kind == fs::file_type::directory) {
    fail(target, std::make_error_code(std::errc::is_a_directory));
  }
  if (kind != fs::file_type::not_found && kind != fs::file_type::none && !overwrite) {
    throw InputError(target.string() +
                     ": exists already, allowed is a new name or asking to overwrite");
  }
}

}  // namespace

OutputFile::OutputFile(fs::path target, bool overwrite)
    : target_(std::move(target)), temporary_(temporary_name(target_)), overwrite_(overwrite) {
  refuse_existing(target_, overwrite_);
  const Descriptor file(temporary_, O_CREAT | O_EXCL | O_WRONLY);
  if (!file.is_open()) fail(target_);
}

OutputFile::~OutputFile() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void OutputFile::write(std::string_view bytes) const {
  Descriptor file(temporary_, O_WRONLY | O_TRUNC);
  if (!file.is_open()) fail(target_);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.value(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!file.close()) fail(target_);
}

void OutputFile::commit() {
  {
    // Without this a power cut could leave the name on an empty file.
    const Descriptor file(temporary_, O_WRONLY);
    if (!file.is_open() || ::fsync(file.value()) != 0) fail(target_);
  }
  refuse_existing(target_, overwrite_);
  std::error_code error;
  fs::rename(temporary_, target_, error);
  if (error) fail(target_, error);
  temporary_.clear();
}

}  // namespace stratem::io
