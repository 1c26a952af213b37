// stratem stats: statistics of an ensemble of responses, gate by gate.
#include "stratem/statistics.hpp"

#include <algorithm>
#include <iostream>

#include "cli/paths.hpp"
#include "cli/statistics_options.hpp"
#include "cli/verb.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {
namespace {

/// Reads the responses piece by piece.
void add_all(EnsembleStatistics& statistics, const ResponseReader& file) {
  constexpr std::int64_t numbers_held = std::int64_t{1} << 20;
  const std::int64_t piece =
      std::max<std::int64_t>(1, numbers_held / std::max<std::int64_t>(1, file.gates()));
  for (std::int64_t first = 0; first < file.models(); first += piece) {
    statistics.add(file.read(first, std::min(piece, file.models() - first)));
  }
}

ExitStatus stats(const Arguments& arguments) {
  const std::string path = arguments.positional(0);
  const auto output = arguments.value("output");
  const auto options = read_statistics_options(arguments);
  check_input(path);
  const bool force = arguments.has("force");
  if (output) {
    check_writable(*output, force);
    check_distinct(path, *output);
  }

  const ResponseReader file(path);
  EnsembleStatistics statistics(file.gates(), options.memory);
  add_all(statistics, file);
  const auto result = statistics.result(options.percentiles);
  std::cout << statistics_text(result, file.attributes());
  if (output) write_statistics(*output, result, file.attributes(), force);
  return ExitStatus::done;
}

}  // namespace

Verb stats_verb() {
  Usage usage;
  usage.verb = "stats";
  usage.summary = "Show the percentiles, mean and standard deviation of responses, gate by gate";
  usage.positionals = {"RESPONSES"};
  usage.options = statistics_option_specs();
  usage.options.push_back({"o,output", "OUT", "write the table also as .csv, .h5 or .hdf5"});
  usage.options.push_back({"f,force", "", "replace OUT if it is there"});
  usage.details =
      "RESPONSES is .h5 or .hdf5 of any size, as forward writes it; it is read piece by piece.\n"
      "Failed models are left out and counted. Percentiles are interpolated linearly between the\n"
      "sorted responses; the standard deviation divides by the number of models. If all responses\n"
      "fit in --memory, percentiles are exact. Otherwise their relative error is at most "
      "0.000122,\n"
      "and the first line says so.";
  return {usage, stats};
}

}  // namespace stratem::cli
