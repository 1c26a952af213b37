#include "io/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

#include "io/descriptor.hpp"
#include "io/ending.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem::io {
namespace {

namespace fs = std::filesystem;

std::string cannot_be_written(const fs::path& path, const std::error_code& reason) {
  return path.string() + ": cannot be written: " + reason.message();
}

[[noreturn]] void fail(const fs::path& path, const std::error_code& reason = last_error()) {
  throw IoError(cannot_be_written(path, reason));
}

/// A different name for each file of each process, so that two processes that write the same target
/// do not collide.
fs::path temporary_name(const fs::path& target) {
  static std::atomic<unsigned> files{0};
  fs::path name = target;
  name += "." + std::to_string(::getpid()) + "-" + std::to_string(files++) + ".part";
  return name;
}

/// The target of a link, so that it stays a link. A link without a target is used as it is.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  auto existing = fs::canonical(path, error);
  return error ? path : existing;
}

void refuse_existing(const fs::path& target, bool overwrite) {
  std::error_code error;
  const auto status = fs::status(target, error);
  if (!fs::exists(status)) return;
  const auto refuse = [&](const char* what) { throw InputError(target.string() + ": " + what); };
  if (fs::is_directory(status)) refuse("is a folder, allowed is a file");
  if (!fs::is_regular_file(status)) refuse("is no plain file, allowed is a new name");
  if (!overwrite) refuse("exists already, allowed is a new name or asking to replace it (--force)");
}

}  // namespace

OutputFile::OutputFile(fs::path target, bool overwrite)
    : target_(std::move(target)), overwrite_(overwrite) {
  refuse_existing(target_, overwrite_);
  const auto name = temporary_name(resolved(target_));
  const Descriptor file(name, O_CREAT | O_EXCL | O_WRONLY);
  if (!file.is_open()) throw InputError(cannot_be_written(target_, last_error()));
  temporary_ = name;
}

OutputFile::~OutputFile() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void OutputFile::write(std::string_view bytes) const { write(bytes, O_WRONLY | O_TRUNC); }

void OutputFile::append(std::string_view bytes) const { write(bytes, O_WRONLY | O_APPEND); }

void OutputFile::write(std::string_view bytes, int flags) const {
  Descriptor file(temporary_, flags);
  if (!file.is_open()) fail(target_);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.value(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!file.close()) fail(target_);
}

void OutputFile::reserve() const {
  const Descriptor file(temporary_, O_WRONLY);
  if (!file.is_open()) fail(target_);
  if (const auto error = file.reserve()) fail(target_, error);
}

void OutputFile::commit() {
  {
    // Without this a power cut could leave the name on an empty file.
    const Descriptor file(temporary_, O_WRONLY);
    if (!file.is_open() || ::fsync(file.value()) != 0) fail(target_);
  }
  if (!give_new_name()) {
    refuse_existing(target_, overwrite_);
    std::error_code error;
    fs::rename(temporary_, resolved(target_), error);
    if (error) fail(target_, error);
  }
  temporary_.clear();
}

bool OutputFile::give_new_name() const {
  if (overwrite_) return false;
  // Unlike a rename, a hard link never replaces a file that another process has just made.
  std::error_code error;
  fs::create_hard_link(temporary_, resolved(target_), error);
  if (error) return false;
  fs::remove(temporary_, error);
  return true;
}

void check_writable(const fs::path& path, std::initializer_list<std::string_view> endings,
                    bool overwrite) {
  check_ending(path, endings);
  const OutputFile trial(path, overwrite);
}

}  // namespace stratem::io

void stratem::check_writable(const std::filesystem::path& path, bool overwrite) {
  io::kind_of(path);
  const io::OutputFile trial(path, overwrite);
}
