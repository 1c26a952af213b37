// stratem plot: a picture of responses or models, drawn by the Python package.
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "cli/paths.hpp"
#include "cli/verb.hpp"
#include "io/output_file.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {
namespace {

/// Names the Python that draws. The package's own `stratem` sets it to the one it belongs to.
constexpr const char* python_variable = "STRATEM_PYTHON";

/// Exit statuses are those of ExitStatus.
constexpr const char* python_code = R"(
import sys
try:
    from stratem._picture import main
except ImportError as error:
    print(f"stratem: plot: {sys.executable} cannot import the Python package: {error}; "
          "STRATEM_PYTHON names another Python", file=sys.stderr)
    sys.exit(2)
sys.exit(main(*sys.argv[1:]))
)";

std::string python() {
  const char* named = std::getenv(python_variable);  // NOLINT(concurrency-mt-unsafe)
  return named != nullptr && *named != '\0' ? named : "python3";
}

/// Python takes the place of this process. Returns only if it does not start.
void become_python(const std::string& program, const std::string& input,
                   const std::string& output) {
  // execvp does not write to them, but takes them as if it did.
  const auto word = [](const std::string& text) { return const_cast<char*>(text.c_str()); };
  const std::string option = "-c";
  const std::string code = python_code;
  const std::array<char*, 6> words{word(program), word(option), word(code),
                                   word(input),   word(output), nullptr};
  execvp(program.c_str(), words.data());
}

ExitStatus plot(const Arguments& arguments) {
  const std::string input = arguments.positional(0);
  const std::string output = arguments.value("output").value_or(
      std::filesystem::path(input).replace_extension(".png").string());
  check_input(input);
  check_distinct(input, output);
  io::check_writable(output, {".png", ".pdf", ".svg"}, arguments.has("force"));
  const std::string program = python();
  become_python(program, input, output);
  throw UnavailableError("plot: " + program + " cannot be started; pictures are drawn by the " +
                         "Python package stratem, and " + python_variable + " names the Python");
}

}  // namespace

Verb plot_verb() {
  Usage usage;
  usage.verb = "plot";
  usage.summary = "Draw responses over time, or models over depth";
  usage.positionals = {"FILE"};
  usage.options = {
      {"o,output", "PICTURE", "write this .png, .pdf or .svg (default: FILE with the ending .png)"},
      {"f,force", "", "replace PICTURE if it is there"}};
  usage.details =
      "FILE is .h5 or .hdf5 with responses, as forward writes it, or with models. Of many "
      "responses\n"
      "the median and a band from the 10th to the 90th percentile are drawn. The Python package\n"
      "stratem draws, with h5py and matplotlib. The environment variable STRATEM_PYTHON names the\n"
      "Python that has the package; without it that is python3, or the one that this program was\n"
      "installed with.";
  return {usage, plot};
}

}  // namespace stratem::cli
