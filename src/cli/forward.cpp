// stratem forward: the responses of all models of a file, a prior or a grid.
#include <iostream>
#include <limits>

#include "cli/device_report.hpp"
#include "cli/import_options.hpp"
#include "cli/interruption.hpp"
#include "cli/make_plan.hpp"
#include "cli/model_choice.hpp"
#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "cli/plan_options.hpp"
#include "cli/progress.hpp"
#include "cli/response_output.hpp"
#include "cli/statistics_output.hpp"
#include "cli/verb.hpp"
#include "stratem/error.hpp"
#include "stratem/plan.hpp"
#include "stratem/run.hpp"

namespace stratem::cli {
namespace {

void check_heights(const System& system, const ModelSource& source, const ModelNeeds& needs) {
  if (system.height_from_models && source.models() > 0 && !needs.brings_heights) {
    throw InputError(
        "forward: neither the system nor the models say how high the transmitter is: give "
        "--transmitter-height, or the models a dataset or column 'height'");
  }
}

/// Prints a line for every kind of failure.
void report_failures(const StatusCounts& statuses) {
  for (int code = 1; code <= std::numeric_limits<std::uint8_t>::max(); ++code) {
    const auto status = static_cast<Status>(code);
    if (statuses[status] == 0) continue;
    std::cerr << "failed: " << counted(statuses[status], "model") << ": " << describe(status)
              << "\n";
  }
}

void print_summary(const ResponseOutput& output, const RunSummary& summary, const Plan& plan,
                   const std::string& path) {
  std::cerr << counted(output.done(), "model") << ", " << output.statuses().failed() << " failed, "
            << rounded(summary.seconds) << " s, ";
  if (summary.seconds > 0.0) {
    std::cerr << rounded(static_cast<double>(summary.done) / summary.seconds) << " models/s, ";
  }
  std::cerr << "backend " << to_string(plan.backend()) << " (" << plan.device() << "), " << path
            << "\n";
}

void print_plan(const Plan& plan) {
  const PlanAccuracy& accuracy = plan.accuracy();
  if (accuracy.evaluations == 0) return;
  std::cerr << "plan: " << accuracy.evaluations << " evaluations a model, worst error "
            << rounded(accuracy.worst) << " over " << counted(accuracy.search.candidates, "model")
            << " searched and " << accuracy.held_out_models << " measured, median "
            << rounded(accuracy.median) << ", "
            << (accuracy.from_cache ? "from the cache"
                                    : "built in " + rounded(accuracy.seconds) + " s")
            << "\n";
}

/// Computes the responses that are still missing. Throws CancelledError if the user stops it.
RunSummary compute(const Plan& plan, const ModelSource& source, ResponseOutput& output,
                   bool quiet) {
  const Interruption interruption;
  const std::int64_t before = output.done();
  const std::int64_t failed_before = output.statuses().failed();
  const auto [first, count] = output.rest();
  Progress progress(!quiet);
  RunOptions options;
  options.first = first;
  options.count = count;
  options.progress = [&](const RunProgress& run) {
    progress.show(
        {before + run.done, before + run.models, failed_before + run.failed, before, run.seconds});
    return !interruption.asked();
  };
  const RunSummary summary = output.run(plan, source, options);
  output.record(plan.device_faults());
  if (!summary.cancelled) return summary;
  throw CancelledError("interrupted after " + std::to_string(output.done()) + " of " +
                       counted(before + summary.models, "model") + ": " + output.keep());
}

ExitStatus forward(const Arguments& arguments) {
  const std::string path = output_path(arguments);
  Options options = read_plan_options(arguments);
  const bool quiet = arguments.has("quiet");
  const auto models_path = model_file(arguments);
  check_output(arguments);
  check_distinct(models_path, path);

  const SystemFile file = read_system_file(arguments.positional(0), arguments);
  const auto source = choose_models(arguments);
  const ModelNeeds needs = source->needs();
  check_heights(file.system, *source, needs);
  declare_needs(needs, arguments, options);
  if (!quiet) {
    for (const auto& note : file.notes) std::cerr << "note: " << note << "\n";
  }

  const Plan plan = make_plan(file.system, options, quiet);
  if (!quiet) print_plan(plan);
  const auto output = open_output(arguments, plan, *source);
  if (!quiet && output->done() > 0) {
    std::cerr << "going on after " << output->done() << " of "
              << counted(output->done() + output->rest().count, "model") << "\n";
  }
  const RunSummary summary = compute(plan, *source, *output, quiet);
  output->finish();

  report_failures(output->statuses());
  const bool lost = report_faults(plan.backend(), plan.device_faults());
  if (!quiet) print_summary(*output, summary, plan, path);
  const bool failed = lost || output->statuses().failed() > 0;
  return failed && arguments.has("strict") ? ExitStatus::check_failed : ExitStatus::done;
}

}  // namespace

Verb forward_verb() {
  Usage usage;
  usage.verb = "forward";
  usage.summary = "Compute the responses of layered models";
  usage.positionals = {"SYSTEM", "[MODELS]"};
  usage.options = {{"o,output", "OUT",
                    "responses to write: .h5, .hdf5 or .csv (required without --stats-only)"}};
  const auto add = [&](std::vector<OptionSpec> specs) {
    for (auto& spec : specs) usage.options.push_back(std::move(spec));
  };
  add(model_option_specs());
  add(plan_option_specs());
  add(import_option_specs());
  add(output_option_specs());
  add(statistics_output_option_specs());
  usage.options.push_back({"strict", "", "exit with 1 if a model or a device failed"});
  usage.options.push_back(
      {"q,quiet", "", "say nothing but errors, failed models and failed devices"});
  usage.details =
      "SYSTEM is .json, .gex or .stm; MODELS is .h5, .hdf5 or .csv.\n"
      "A model that cannot be computed has NaN responses and a status that says why.\n"
      "With --stats-only, responses that do not all fit in --memory are counted by the backend "
      "that\n"
      "computes them, on GPUs if it uses some. The relative error of percentiles is then at most\n"
      "0.000122.\n"
      "Models are read, computed and written at the same time, in memory that does not grow with\n"
      "the run, except that a .csv file is held in memory. A run into .h5 that was stopped, for "
      "any\n"
      "reason, continues with --resume.";
  return {usage, forward};
}

}  // namespace stratem::cli
