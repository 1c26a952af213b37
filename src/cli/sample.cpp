// stratem sample: random models from a prior.
#include <iostream>

#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "cli/verb.hpp"
#include "stratem/io.hpp"
#include "stratem/sampling.hpp"

namespace stratem::cli {
namespace {

ExitStatus run_sample(const Arguments& arguments) {
  const std::string prior_path = arguments.positional(0);
  const std::string output = arguments.required("output");
  const std::int64_t count = parse_whole("count", arguments.required("count"), 1);
  const std::uint64_t seed = parse_seed("seed", arguments.required("seed"));
  const std::int64_t first = parse_whole("first", arguments.value("first").value_or("0"), 0);
  const bool force = arguments.has("force");
  check_input(prior_path);
  check_writable(output, force);
  check_distinct(prior_path, output);

  const Prior prior = read_prior(prior_path);
  const ModelSet models = sample(prior, seed, first, count);
  write_models(output, models, force);
  if (!arguments.has("quiet")) {
    std::cerr << counted(models.models, "model") << " of up to " << counted(models.layers, "layer")
              << ", seed " << seed << ", " << output << "\n";
  }
  return ExitStatus::done;
}

}  // namespace

Verb sample_verb() {
  Usage usage;
  usage.verb = "sample";
  usage.summary = "Draw random models from a prior";
  usage.positionals = {"PRIOR"};
  usage.options = {{"o,output", "MODELS", "models to write: .h5, .hdf5 or .csv (required)"},
                   {"n,count", "N", "number of models (required)"},
                   {"seed", "S", "start of the random numbers, 0 to 2^64 - 1 (required)"},
                   {"first", "K", "number of the first model of the sequence (default 0)"},
                   {"f,force", "", "replace MODELS if it is there"},
                   {"q,quiet", "", "say nothing but errors"}};
  usage.details =
      "PRIOR is .json. Model k of a seed is the same on any machine and for any --first and N.";
  return {usage, run_sample};
}

}  // namespace stratem::cli
