// Reads systems in the format that the name's ending tells.
#include <string>

#include "io/ending.hpp"
#include "io/system/imports.hpp"
#include "io/text_file.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

/// Throws InputError if the caller gives geometry that the file contains itself.
void check_options(const ImportOptions& options, const std::string& ending,
                   const std::string& origin) {
  const auto refuse = [&](bool is_given, const char* what, const char* which) {
    if (!is_given) return;
    throw InputError(origin + ": " + what + " is given, allowed is that for " + which +
                     " files only");
  };
  refuse(options.transmitter_height.has_value() && ending == ".json", "a transmitter height",
         ".gex and .stm");
  refuse(options.receiver.has_value() && ending != ".stm", "a receiver position", ".stm");
  refuse(options.components != ImportOptions().components && ending != ".stm",
         "a choice of components", ".stm");
  refuse(options.all_gates && ending != ".gex", "a wish for all gates", ".gex");
}

}  // namespace

SystemFile read_system(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string origin = path.string();
  io::check_ending(path, {".json", ".gex", ".stm"});
  const std::string ending = io::ending_of(path);
  check_options(options, ending, origin);
  const std::string text = io::read_text(path);
  if (ending == ".json") return {system_from_json(text, origin), {}};
  auto file = ending == ".gex" ? io::system_from_gex(text, origin, options)
                               : io::system_from_stm(text, origin, options);
  if (file.system.name.empty()) file.system.name = path.stem().string();
  return file;
}

void write_system(const std::filesystem::path& path, const System& system, bool overwrite) {
  check(system);
  io::write_text(path, to_json(system), overwrite);
}

}  // namespace stratem
