// stratem forward: the responses of all models of a file.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iostream>
#include <limits>

#include "cli/geometry_options.hpp"
#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "cli/plan_options.hpp"
#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"
#include "stratem/plan.hpp"

namespace stratem::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void check_heights(const System& system, const ModelSet& models) {
  if (system.height_from_models && models.models > 0 && models.height.empty()) {
    throw InputError(
        "forward: neither the system nor the models say how high the transmitter is: give "
        "--transmitter-height, or the models a dataset or column 'height'");
  }
}

/// Models per call of Plan::forward so that a bar moves a few times a second: 64 to start with,
/// then as many as were computed in a quarter of a second at the rate so far.
std::int64_t slice_size(std::int64_t done, double seconds) {
  constexpr std::int64_t first_slice = 64;
  constexpr double slice_seconds = 0.25;
  if (done == 0 || !(seconds > 0.0)) return first_slice;
  const double rate = static_cast<double>(done) / seconds;
  return std::max(first_slice, static_cast<std::int64_t>(rate * slice_seconds));
}

/// All at once, or slice by slice where somebody watches; the responses are the same.
Responses compute(const Plan& plan, const ModelBatch& models, bool quiet) {
  Responses responses(models.models, plan.gates());
  const auto all = responses.view();
  const Progress progress(models.models, !quiet);
  const auto start = Clock::now();
  for (std::int64_t done = 0; done < models.models;) {
    progress.show(done);
    const std::int64_t left = models.models - done;
    const std::int64_t count =
        progress.visible() ? std::min(left, slice_size(done, seconds_since(start))) : left;
    plan.forward(models.slice(done, count),
                 {all.response.slice(done, count), all.status.slice(done, count)});
    done += count;
  }
  return responses;
}

/// Prints a line for every kind of failure; returns the number of models that failed.
std::int64_t report_failures(const Responses& responses) {
  std::array<std::int64_t, 256> counts{};
  for (const Status status : responses.status) ++counts[static_cast<std::uint8_t>(status)];
  counts[static_cast<std::uint8_t>(Status::ok)] = 0;
  std::int64_t failed = 0;
  for (std::size_t code = 0; code < counts.size(); ++code) {
    if (counts[code] == 0) continue;
    failed += counts[code];
    std::cerr << "failed: " << counted(counts[code], "model") << ": "
              << describe(static_cast<Status>(code)) << "\n";
  }
  return failed;
}

void print_summary(const Responses& responses, std::int64_t failed, double seconds,
                   const Plan& plan, const std::string& output) {
  std::cerr << counted(responses.models, "model") << ", " << failed << " failed, "
            << rounded(seconds) << " s, ";
  if (seconds > 0.0) {
    std::cerr << rounded(static_cast<double>(responses.models) / seconds) << " models/s, ";
  }
  std::cerr << "backend " << to_string(plan.backend()) << " (" << plan.device() << "), " << output
            << "\n";
}

/// What the models say of the range that the plan must be made for, where no option does.
void declare_models(const ModelSet& models, Options& options) {
  if (!options.height && !models.height.empty()) {
    Range range{std::numeric_limits<double>::infinity(), 0.0};
    for (const double height : models.height) {
      if (!std::isfinite(height) || height < 0.0) continue;  // a bad model
      range = {std::min(range.min, height), std::max(range.max, height)};
    }
    // Whole metres, so that runs with about the same heights share one plan.
    if (range.min <= range.max) options.height = {std::floor(range.min), std::ceil(range.max)};
  }
  options.polarizable = std::ranges::any_of(models.chargeability, [](double m) { return m > 0.0; });
}

void print_plan(const Plan& plan) {
  const PlanAccuracy& accuracy = plan.accuracy();
  if (accuracy.evaluations == 0) return;
  std::cerr << "plan: " << accuracy.evaluations << " evaluations a model, worst measured error "
            << rounded(accuracy.worst) << ", median " << rounded(accuracy.median) << " over "
            << counted(accuracy.held_out_models, "model") << ", "
            << (accuracy.from_cache ? "from the cache"
                                    : "built in " + rounded(accuracy.seconds) + " s")
            << "\n";
}

ExitStatus forward(const Arguments& arguments) {
  const std::string models_path = arguments.positional(1);
  const std::string output = arguments.required("output");
  Options options = read_plan_options(arguments);
  const bool quiet = arguments.has("quiet");
  const bool force = arguments.has("force");
  check_input(models_path);
  check_writable(output, force);
  check_distinct(models_path, output);

  const SystemFile file = read_system_file(arguments.positional(0), arguments);
  const ModelSet models = read_models(models_path);
  check_heights(file.system, models);
  declare_models(models, options);
  if (!quiet) {
    for (const auto& note : file.notes) std::cerr << "note: " << note << "\n";
  }

  const Plan plan(file.system, options);
  if (!quiet) print_plan(plan);
  const auto start = Clock::now();
  const Responses responses = compute(plan, models.view(), quiet);
  const double seconds = seconds_since(start);

  ResponseAttributes attributes;
  attributes.system = plan.system();
  attributes.tolerance = plan.options().tolerance;
  attributes.backend = to_string(plan.backend());
  attributes.plan_error = plan.accuracy().worst;
  attributes.device = plan.device();
  write_responses(output, responses, attributes, force);

  const std::int64_t failed = report_failures(responses);
  if (!quiet) print_summary(responses, failed, seconds, plan, output);
  return failed > 0 && arguments.has("strict") ? ExitStatus::check_failed : ExitStatus::done;
}

}  // namespace

Verb forward_verb() {
  Usage usage;
  usage.verb = "forward";
  usage.summary = "Compute the responses of layered models";
  usage.positionals = {"SYSTEM", "MODELS"};
  usage.options = {{"o,output", "OUT", "responses to write: .h5, .hdf5 or .csv (required)"}};
  for (auto& option : plan_option_specs()) usage.options.push_back(std::move(option));
  for (auto& option : geometry_option_specs()) usage.options.push_back(std::move(option));
  usage.options.push_back({"strict", "", "exit with 1 if a model failed"});
  usage.options.push_back({"f,force", "", "replace OUT if it is there"});
  usage.options.push_back({"q,quiet", "", "say nothing but errors and failed models"});
  usage.details =
      "SYSTEM is .json, .gex or .stm; MODELS is .h5, .hdf5 or .csv.\n"
      "A model that cannot be computed has NaN responses and a status that says why.";
  return {usage, forward};
}

}  // namespace stratem::cli
