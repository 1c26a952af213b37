// stratem merge: joins the parts of a run, computed separately, to one file.
#include <iostream>

#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "cli/verb.hpp"
#include "stratem/io.hpp"
#include "stratem/run_file.hpp"

namespace stratem::cli {
namespace {

ExitStatus merge(const Arguments& arguments) {
  const std::string output = arguments.required("output");
  std::vector<std::filesystem::path> parts;
  for (std::size_t i = 0; i < arguments.positional_count(); ++i) {
    parts.emplace_back(arguments.positional(i));
    check_input(parts.back());
    check_distinct(parts.back(), output);
  }
  MergeOptions options;
  options.overwrite = arguments.has("force");
  options.virtual_datasets = arguments.has("virtual");
  options.compression =
      static_cast<int>(parse_whole("compress", arguments.value("compress").value_or("0"), 0, 9));
  check_run_file(output, options.overwrite ? Existing::replace : Existing::refuse);

  const std::int64_t models = merge_runs(parts, output, options);
  if (!arguments.has("quiet")) {
    std::cerr << counted(models, "model") << " of "
              << counted(static_cast<std::int64_t>(parts.size()), "part") << ", " << output << "\n";
  }
  return ExitStatus::done;
}

}  // namespace

Verb merge_verb() {
  Usage usage;
  usage.verb = "merge";
  usage.summary = "Join the parts of a run that forward --shard computed";
  usage.positionals = {"PARTS..."};
  usage.options = {
      {"o,output", "OUT", "responses to write: .h5 or .hdf5 (required)"},
      {"virtual", "", "let OUT refer to PARTS, which must stay where they are, and copy nothing"},
      {"compress", "N", "compress the responses, 1 (fast) to 9 (small); 0: not (default 0)"},
      {"f,force", "", "replace OUT if it is there"},
      {"q,quiet", "", "say nothing but errors"}};
  usage.details =
      "PARTS are .h5 or .hdf5, in any order. They must be complete, belong to one run (the same\n"
      "system, models and options) and hold each of its models once. What is copied is checked\n"
      "against its checksums.";
  return {usage, merge};
}

}  // namespace stratem::cli
