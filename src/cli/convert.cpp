// stratem convert: a .gex or .stm file as a system in JSON.
#include <iostream>

#include "cli/import_options.hpp"
#include "cli/paths.hpp"
#include "cli/verb.hpp"
#include "io/output_file.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {
namespace {

ExitStatus convert(const Arguments& arguments) {
  const std::string input = arguments.positional(0);
  const std::string output = arguments.required("output");
  check_input(input);
  const bool force = arguments.has("force");
  io::check_writable(output, {".json"}, force);
  check_distinct(input, output);

  const SystemFile file = read_system_file(input, arguments);
  for (const auto& note : file.notes) std::cerr << "note: " << note << "\n";
  write_system(output, file.system, force);
  if (file.system.height_from_models) {
    std::cerr << "note: " << output
              << " has no height of the transmitter: every model needs its own 'height'\n";
  }
  return ExitStatus::done;
}

}  // namespace

Verb convert_verb() {
  Usage usage;
  usage.verb = "convert";
  usage.summary = "Write a .gex or .stm system as JSON";
  usage.positionals = {"SYSTEM"};
  usage.options = {{"o,output", "OUT", "system to write: .json (required)"}};
  for (auto& option : import_option_specs()) usage.options.push_back(std::move(option));
  usage.options.push_back({"f,force", "", "replace OUT if it is there"});
  usage.details =
      "A .stm file has no geometry: it needs --receiver. Without --transmitter-height the models\n"
      "must bring the height.";
  return {usage, convert};
}

}  // namespace stratem::cli
