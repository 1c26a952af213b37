#include "io/ending.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::io {

std::string ending_of(const std::filesystem::path& path) {
  return base::lower_case(path.extension().string());
}

void check_ending(const std::filesystem::path& path,
                  std::initializer_list<std::string_view> allowed) {
  const std::string ending = ending_of(path);
  if (std::find(allowed.begin(), allowed.end(), ending) != allowed.end()) return;
  std::string list;
  for (const auto* each = allowed.begin(); each != allowed.end(); ++each) {
    const char* between = each == allowed.begin() ? "" : each + 1 == allowed.end() ? " or " : ", ";
    list += between + std::string(*each);
  }
  throw InputError(path.string() + ": the name ends in \"" + ending + "\", allowed is " + list);
}

FileKind kind_of(const std::filesystem::path& path) {
  check_ending(path, {".h5", ".hdf5", ".csv"});
  return ending_of(path) == ".csv" ? FileKind::csv : FileKind::hdf5;
}

}  // namespace stratem::io
