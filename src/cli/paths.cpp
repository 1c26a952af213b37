#include "cli/paths.hpp"

#include <unistd.h>

#include <system_error>

#include "stratem/error.hpp"

namespace stratem::cli {
namespace fs = std::filesystem;

void check_input(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw InputError(path.string() + ": no such file");
  }
  if (!fs::exists(status)) throw InputError(path.string() + ": " + error.message());
  if (fs::is_directory(status)) throw InputError(path.string() + ": is a folder, not a file");
  if (access(path.c_str(), R_OK) != 0) throw InputError(path.string() + ": may not be read");
}

void check_distinct(const fs::path& input, const fs::path& output) {
  std::error_code error;
  if (fs::equivalent(input, output, error)) {
    throw InputError(output.string() + ": is both read and written");
  }
}

}  // namespace stratem::cli
