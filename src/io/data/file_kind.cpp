#include "io/data/file_kind.hpp"

#include "io/ending.hpp"
#include "io/output_file.hpp"
#include "stratem/io.hpp"

namespace stratem {

void check_writable(const std::filesystem::path& path, bool overwrite) {
  io::kind_of(path);
  const io::OutputFile trial(path, overwrite);
}

namespace io {

FileKind kind_of(const std::filesystem::path& path) {
  check_ending(path, {".h5", ".hdf5", ".csv"});
  return ending_of(path) == ".csv" ? FileKind::csv : FileKind::hdf5;
}

}  // namespace io
}  // namespace stratem
