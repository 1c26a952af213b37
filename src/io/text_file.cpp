#include "io/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "io/output_file.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw IoError(path.string() + ": " + what);
}

std::string last_system_error() { return std::strerror(errno); }

}  // namespace

std::string read_text(const std::filesystem::path& path) {
  std::error_code ignored;
  // On some systems a folder can be opened and is then read as an empty file.
  if (std::filesystem::is_directory(path, ignored)) fail(path, "cannot be read: it is a folder");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path, "cannot be opened: " + last_system_error());
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) fail(path, "cannot be read: " + last_system_error());
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

void write_text(const std::filesystem::path& path, const std::string& text, bool overwrite) {
  OutputFile file(path, overwrite);
  file.write(text);
  file.commit();
}

}  // namespace stratem::io
