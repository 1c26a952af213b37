// stratem validate: compares backends with each other, and each with the reference.
#include "stratem/validate.hpp"

#include <algorithm>
#include <iostream>

#include "cli/device_report.hpp"
#include "cli/import_options.hpp"
#include "cli/make_plan.hpp"
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
/// Number of models drawn if there is no file of models. Fast backends are compared over all of
/// them.
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

const char* result_of(const Comparison& comparison) {
  if (comparison.faults.any()) return "DEVICE FAILED";
  return comparison.passed() ? "pass" : "MISS";
}

std::vector<std::string> row_of(const Comparison& comparison, const std::string& origin,
                                const System& system) {
  const bool any = !comparison.worst_models.empty();
  std::vector<std::string> row{std::string(to_string(comparison.backend)),
                               std::string(to_string(comparison.against)),
                               std::to_string(comparison.models),
                               std::to_string(comparison.out_of_range),
                               origin,
                               scientific(comparison.worst, 2),
                               scientific(comparison.median, 2),
                               scientific(comparison.allowed, 0)};
  for (auto& cell : place_of(comparison.worst_gate, system)) row.push_back(any ? cell : "");
  row.push_back(any ? std::to_string(comparison.worst_models.front()) : "");
  row.emplace_back(result_of(comparison));
  return row;
}

/// Models that were compared, where they come from, and how.
struct Compared {
  ModelSet models;
  std::string origin;
  Validation validation;
};

std::string table_of(const std::vector<Compared>& compared, const System& system) {
  std::vector<std::vector<std::string>> rows{{"backend", "against", "models", "outside", "from",
                                              "worst", "median", "allowed", "moment", "time_s",
                                              "model", "result"}};
  for (const auto& each : compared) {
    for (const auto& comparison : each.validation.comparisons) {
      rows.push_back(row_of(comparison, each.origin, system));
    }
  }
  return text_table(rows);
}

ModelSet worst_models(const std::vector<Compared>& compared) {
  ModelSet worst;
  for (const auto& each : compared) {
    append(worst, select_models(each.models.view(), each.validation.worst_models()));
  }
  return worst;
}

/// Both comparisons of a backend have its faults.
void report_all_faults(const std::vector<Compared>& compared) {
  for (const auto& each : compared) {
    for (const auto& comparison : each.validation.comparisons) {
      if (comparison.against == Backend::reference) {
        report_faults(comparison.backend, comparison.faults);
      }
    }
  }
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
  options.backend = Backend::cpu;  // any backend that computes from a plan would do
  if (output) check_writable(*output, force);

  const SystemFile file = read_system_file(arguments.positional(0), arguments);
  std::vector<Compared> compared;
  if (arguments.positional_count() > 1) {
    check_input(arguments.positional(1));
    if (output) check_distinct(arguments.positional(1), *output);
    declare_needs(open_models(arguments.positional(1))->needs(), arguments, options);
    compared.push_back({read_models(arguments.positional(1)), "file", {}});
  }
  const Plan plan = make_plan(file.system, options);
  if (compared.empty()) {
    const std::int64_t count = validation.reference_models;
    compared.push_back(
        {validation_models(plan, std::max(count, fewest_drawn), seed), "random", {}});
    compared.push_back({plan.hardest_models(count, seed), "search", {}});
  }
  bool passed = true;
  for (auto& each : compared) {
    each.validation = validate(plan, each.models.view(), validation);
    passed = passed && each.validation.passed();
  }
  std::cout << table_of(compared, plan.system());
  report_all_faults(compared);
  if (output) {
    const ModelSet worst = worst_models(compared);
    write_models(*output, worst, force);
    std::cerr << counted(worst.models, "worst model") << ", " << *output << "\n";
  }
  return passed ? ExitStatus::done : ExitStatus::check_failed;
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
       std::string("models compared with the reference, drawn at random where there are more, "
                   "and as many that a search found (default ") +
           default_count + ")"},
      {"seed", "S", "of that choice, and of the models without MODELS (default 1)"},
      {"o,output", "WORST", "write the worst models as .h5, .hdf5 or .csv, for forward"},
      {"f,force", "", "replace WORST if it is there"}};
  for (auto& option : plan_option_specs()) {
    if (option.names != "backend") usage.options.push_back(std::move(option));
  }
  for (auto& option : import_option_specs()) usage.options.push_back(std::move(option));
  usage.details =
      "Without MODELS, 10,000 or more models are drawn over the declared range, and a search over\n"
      "a million others finds those with the largest errors; both are compared. Backends that\n"
      "compute from one plan may differ by 1e-10 in double and 1e-3 in single precision, over all\n"
      "models; each may differ from the reference by the tolerance. Differences are relative to\n"
      "the response or, near a change of sign, to the largest one within half a decade of time.\n"
      "Exit status 1 if a difference is larger, or if a device failed.";
  return {usage, run_validate};
}

}  // namespace stratem::cli
