#include "cli/import_options.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "io/ending.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {
namespace {

std::array<double, 3> parse_receiver(const std::string& text) {
  const auto numbers = parse_numbers("receiver", text);
  if (numbers.size() != 3) {
    throw InputError("--receiver: '" + text + "', allowed is three numbers, dx,dy,dz");
  }
  return {numbers[0], numbers[1], numbers[2]};
}

std::vector<Component> parse_components(const std::string& text) {
  constexpr std::string_view letters = "xyz";
  constexpr std::array<Component, 3> all{Component::x, Component::y, Component::z};
  std::vector<Component> components;
  for (const char letter : text) {
    const auto index = letters.find(letter);
    const bool known = index != std::string_view::npos;
    if (!known || std::count(components.begin(), components.end(), all[index]) != 0) {
      throw InputError("--component: '" + text + "', allowed is x, y, z, each at most once: xz");
    }
    components.push_back(all[index]);
  }
  return components;
}

void refuse(const Arguments& arguments, const std::string& option,
            const std::filesystem::path& path, std::string_view only) {
  if (!arguments.has(option) || io::ending_of(path) == only) return;
  throw InputError("--" + option + ": " + path.string() + " says this itself, allowed is " +
                   std::string(only) + " only");
}

}  // namespace

std::vector<OptionSpec> import_option_specs() {
  return {
      {"transmitter-height", "H", "height of the transmitter above the ground, m (.gex, .stm)"},
      {"receiver", "DX,DY,DZ", "receiver from the transmitter, m, z positive up (.stm)"},
      {"component", "XYZ", "components to compute, such as xz (.stm; default z)"},
      {"all-gates", "", "keep the gates that the file says to remove (.gex)"},
  };
}

SystemFile read_system_file(const std::filesystem::path& path, const Arguments& arguments) {
  check_input(path);
  refuse(arguments, "receiver", path, ".stm");
  refuse(arguments, "component", path, ".stm");
  refuse(arguments, "all-gates", path, ".gex");

  ImportOptions options;
  if (const auto text = arguments.value("transmitter-height")) {
    options.transmitter_height = parse_number("transmitter-height", *text);
  }
  if (const auto text = arguments.value("receiver")) options.receiver = parse_receiver(*text);
  if (const auto text = arguments.value("component")) {
    options.components = parse_components(*text);
  }
  options.all_gates = arguments.has("all-gates");
  return read_system(path, options);
}

}  // namespace stratem::cli
