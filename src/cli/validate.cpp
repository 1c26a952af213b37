// stratem validate: backends against each other, and each against the reference.
#include "stratem/validate.hpp"

#include <algorithm>
#include <iostream>

#include "cli/geometry_options.hpp"
#include "cli/lists.hpp"
#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "cli/plan_options.hpp"
#include "cli/text_table.hpp"
#include "cli/verb.hpp"
#include "stratem/io.hpp"
#include "stratem/model_source.hpp"

namespace stratem::cli {
namespace {

constexpr const char* default_count = "100";
/// Drawn where there is no file of models: between fast backends all are compared.
constexpr std::int64_t fewest_drawn = 10000;

std::vector<Backend> parse_backends(const std::string& text) {
  std::vector<Backend> backends;
  for (const auto& word : split_list("backends", text)) backends.push_back(parse_backend(word));
  return backends;
}

/// "LM" and the time of a gate.
std::vector<std::string> place_of(std::int64_t gate, const System& system) {
  for (const auto& moment : system.moments) {
    const auto gates = static_cast<std::int64_t>(moment.gates.size());
    if (gate < gates) {
      return {moment.name, scientific(moment.gates[static_cast<std::size_t>(gate)].centre(), 4)};
    }
    gate -= gates;
  }
  return {"", ""};
}

std::vector<std::string> row_of(const Comparison& comparison, const System& system) {
  const bool any = !comparison.worst_models.empty();
  std::vector<std::string> row{std::string(to_string(comparison.backend)),
                               std::string(to_string(comparison.against)),
                               std::to_string(comparison.models),
                               std::to_string(comparison.out_of_range),
                               scientific(comparison.worst, 2),
                               scientific(comparison.median, 2),
                               scientific(comparison.allowed, 0)};
  for (auto& cell : place_of(comparison.worst_gate, system)) row.push_back(any ? cell : "");
  row.push_back(any ? std::to_string(comparison.worst_models.front()) : "");
  row.emplace_back(comparison.passed() ? "pass" : "MISS");
  return row;
}

std::string table_of(const Validation& validation, const System& system) {
  std::vector<std::vector<std::string>> rows{{"backend", "against", "models", "outside", "worst",
                                              "median", "allowed", "moment", "time_s", "model",
                                              "result"}};
  for (const auto& comparison : validation.comparisons) rows.push_back(row_of(comparison, system));
  return text_table(rows);
}

ExitStatus run_validate(const Arguments& arguments) {
  const auto output = arguments.value("output");
  const bool force = arguments.has("force");
  const std::uint64_t seed = parse_seed("seed", arguments.value("seed").value_or("1"));
  ValidationOptions validation;
  validation.seed = seed;
  validation.reference_models =
      parse_whole("count", arguments.value("count").value_or(default_count), 1);
  if (const auto names = arguments.value("backends")) validation.backends = parse_backends(*names);
  Options options = read_plan_options(arguments);
  options.backend = Backend::cpu;  // any that computes from a plan
  if (output) check_writable(*output, force);

  const SystemFile file = read_system_file(arguments.positional(0), arguments);
  ModelSet models;
  if (arguments.positional_count() > 1) {
    check_input(arguments.positional(1));
    if (output) check_distinct(arguments.positional(1), *output);
    declare_needs(open_models(arguments.positional(1))->needs(), options);
    models = read_models(arguments.positional(1));
  }
  const Plan plan(file.system, options);
  if (arguments.positional_count() < 2) {
    models = validation_models(plan, std::max(validation.reference_models, fewest_drawn), seed);
  }

  const Validation result = validate(plan, models.view(), validation);
  std::cout << table_of(result, plan.system());
  if (output) {
    write_models(*output, select_models(models.view(), result.worst_models()), force);
    std::cerr << counted(static_cast<std::int64_t>(result.worst_models().size()), "worst model")
              << ", " << *output << "\n";
  }
  return result.passed() ? ExitStatus::done : ExitStatus::check_failed;
}

}  // namespace

Verb validate_verb() {
  Usage usage;
  usage.verb = "validate";
  usage.summary = "Compare backends with each other, and each with the reference";
  usage.positionals = {"SYSTEM", "[MODELS]"};
  usage.options = {
      {"backends", "B,B,...", "backends to compare (default: all that can run here)"},
      {"n,count", "N",
       std::string("models compared with the reference, drawn at random where there are more "
                   "(default ") +
           default_count + ")"},
      {"seed", "S", "of that choice, and of the models without MODELS (default 1)"},
      {"o,output", "WORST", "write the worst models as .h5, .hdf5 or .csv, for forward"},
      {"f,force", "", "replace WORST if it is there"}};
  for (auto& option : plan_option_specs()) {
    if (option.names != "backend") usage.options.push_back(std::move(option));
  }
  for (auto& option : geometry_option_specs()) usage.options.push_back(std::move(option));
  usage.details =
      "Without MODELS, 10,000 or more models are drawn over the declared range. Backends that\n"
      "compute from one plan may differ by 1e-10 in double and 1e-3 in single precision, over all\n"
      "models; each may differ from the reference by the tolerance. Differences are relative to\n"
      "the response or, near a change of sign, to the largest one within half a decade of time.\n"
      "Exit status 1 if one is larger.";
  return {usage, run_validate};
}

}  // namespace stratem::cli
