#include "io/models/grid_hdf5.hpp"

#include <cstdint>
#include <sstream>
#include <string>

#include "stratem/io.hpp"

namespace stratem {
namespace io {
namespace {

constexpr const char* group = "grid";
constexpr const char* names_attribute = "axes";

}  // namespace

void write_grid_axes(hdf5::OutputFile& file, const std::vector<GridAxis>& axes) {
  file.create_group(group);
  std::string names;
  for (const auto& axis : axes) {
    names += (names.empty() ? "" : " ") + axis.name;
    file.write(std::string(group) + "/" + axis.name,
               {static_cast<std::int64_t>(axis.values.size())}, axis.values);
  }
  file.attribute(names_attribute, names, group);
}

std::vector<GridAxis> read_grid_axes(const hdf5::InputFile& file) {
  std::vector<GridAxis> axes;
  if (!file.has(group)) return axes;
  std::istringstream names(file.text_attribute(names_attribute, group));
  for (std::string name; names >> name;) {
    axes.push_back({name, file.all(std::string(group) + "/" + name)});
  }
  return axes;
}

}  // namespace io

std::vector<GridAxis> read_grid_axes(const std::filesystem::path& path) {
  return io::read_grid_axes(io::hdf5::InputFile(path));
}

}  // namespace stratem
