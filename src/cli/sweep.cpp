// stratem sweep: every combination of listed values as models.
#include <chrono>
#include <iostream>

#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "stratem/grid.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {
namespace {

/// "resistivity_1 (50) x thickness_1 (40)"
std::string shape_text(const std::vector<GridAxis>& axes) {
  std::string text;
  for (const auto& axis : axes) {
    text +=
        (text.empty() ? "" : " x ") + axis.name + " (" + std::to_string(axis.values.size()) + ")";
  }
  return text.empty() ? "no axis" : text;
}

ExitStatus sweep(const Arguments& arguments) {
  const std::string grid_path = arguments.positional(0);
  const std::string output = arguments.required("output");
  const bool force = arguments.has("force");
  const bool quiet = arguments.has("quiet");
  check_input(grid_path);
  check_writable(output, force);
  check_distinct(grid_path, output);

  const Grid grid = read_grid(grid_path);
  const std::int64_t models = grid_size(grid);
  {
    Progress progress(!quiet);
    const auto start = std::chrono::steady_clock::now();
    write_models(output, grid, force, [&](std::int64_t done) {
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
      progress.show({.done = done, .total = models, .seconds = elapsed.count()});
    });
  }
  if (!quiet) {
    std::cerr << counted(models, "model") << ", " << shape_text(grid_axes(grid)) << ", " << output
              << "\n";
  }
  return ExitStatus::done;
}

}  // namespace

Verb sweep_verb() {
  Usage usage;
  usage.verb = "sweep";
  usage.summary = "Make models of every combination of listed values";
  usage.positionals = {"GRID"};
  usage.options = {{"o,output", "MODELS", "models to write: .h5, .hdf5 or .csv (required)"},
                   {"f,force", "", "replace MODELS if it is there"},
                   {"q,quiet", "", "say nothing but errors"}};
  usage.details =
      "GRID is .json. The last axis varies fastest; the axes are kept in the file, so that the\n"
      "responses can be reshaped to the grid.";
  return {usage, sweep};
}

}  // namespace stratem::cli
