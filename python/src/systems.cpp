#include <nanobind/stl/array.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bindings.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem::python {
namespace {

Component parse_component(const std::string& word) {
  if (word == "x") return Component::x;
  if (word == "y") return Component::y;
  if (word == "z") return Component::z;
  throw InputError("components: \"" + word + "\", allowed are \"x\", \"y\" and \"z\"");
}

/// The system and the notes on its file.
nb::tuple read(const std::filesystem::path& path, std::optional<double> transmitter_height,
               std::optional<std::array<double, 3>> receiver,
               const std::optional<std::vector<std::string>>& components, bool all_gates) {
  ImportOptions options;
  options.transmitter_height = transmitter_height;
  options.receiver = receiver;
  options.all_gates = all_gates;
  if (components) {
    options.components.clear();
    for (const auto& word : *components) options.components.push_back(parse_component(word));
  }
  SystemFile file = read_system(path, options);
  return nb::make_tuple(std::move(file.system), std::move(file.notes));
}

}  // namespace

void bind_systems(nb::module_& m) {
  nb::class_<System>(m, "System")
      .def_static("from_json", &system_from_json, nb::arg("text"), nb::arg("origin"))
      .def("to_json", [](const System& system) { return to_json(system); });
  m.def("read_system", &read, nb::arg("path"), nb::arg("transmitter_height").none(),
        nb::arg("receiver").none(), nb::arg("components").none(), nb::arg("all_gates"));
  m.def("write_system", &write_system, nb::arg("path"), nb::arg("system"), nb::arg("overwrite"));
}

}  // namespace stratem::python
