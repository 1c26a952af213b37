#include "cli/paths.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "io/data/output_file.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {
namespace {

namespace fs = std::filesystem;

void check_ending(const fs::path& path, std::initializer_list<std::string_view> endings) {
  if (std::find(endings.begin(), endings.end(), ending(path)) != endings.end()) return;
  std::string allowed;
  for (const auto each : endings) allowed += (allowed.empty() ? "" : ", ") + std::string(each);
  throw InputError(path.string() + ": the name's ending says the format, allowed is " + allowed);
}

// Asked by making a file there for a moment: permission bits alone do not know of read-only disks.
void check_takes_new_files(const fs::path& path) {
  try {
    const io::OutputFile probe(path, true);
  } catch (const IoError& error) {
    throw InputError(error.what());
  }
}

}  // namespace

std::string ending(const fs::path& path) {
  std::string text = path.extension().string();
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

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

void check_output(const fs::path& path, std::initializer_list<std::string_view> endings,
                  bool overwrite) {
  check_ending(path, endings);
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::exists(status)) {
    if (!fs::is_regular_file(status)) {
      throw InputError(path.string() + ": is there and not a plain file, so it is not replaced");
    }
    if (!overwrite) throw InputError(path.string() + ": is there already (--force replaces it)");
  }
  check_takes_new_files(path);
}

void check_distinct(const fs::path& input, const fs::path& output) {
  std::error_code error;
  if (fs::equivalent(input, output, error)) {
    throw InputError(output.string() + ": is both read and written");
  }
}

}  // namespace stratem::cli
