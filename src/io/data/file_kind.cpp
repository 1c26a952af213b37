#include "io/data/file_kind.hpp"

#include <string>

#include "io/data/output_file.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {

void check_writable(const std::filesystem::path& path, bool overwrite) {
  io::kind_of(path);
  const io::OutputFile trial(path, overwrite);
}

namespace io {

FileKind kind_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (ending == ".h5" || ending == ".hdf5") return FileKind::hdf5;
  if (ending == ".csv") return FileKind::csv;
  throw InputError(path.string() + ": ending \"" + ending + "\", allowed is .h5, .hdf5 or .csv");
}

}  // namespace io
}  // namespace stratem
