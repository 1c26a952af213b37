// stratem bench: models per second, by backend, threads, streams, batch, layers, tolerance and
// precision.
#include <algorithm>
#include <iostream>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "cli/bench_lines.hpp"
#include "cli/bench_options.hpp"
#include "cli/bench_table.hpp"
#include "cli/device_report.hpp"
#include "cli/import_options.hpp"
#include "cli/make_plan.hpp"
#include "cli/numbers.hpp"
#include "cli/plan_options.hpp"
#include "cli/text_table.hpp"
#include "cli/verb.hpp"
#include "io/csv.hpp"
#include "io/output_file.hpp"
#include "io/text_file.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {
namespace {

constexpr const char* default_count_on_cores = "10000";
/// Devices need many models to be busy from a call's beginning to its end.
constexpr const char* default_count_on_devices = "1000000";

/// Plans for all combinations; those that share their nodes and weights are built once.
class Plans {
 public:
  Plans(System system, bool quiet) : system_(std::move(system)), quiet_(quiet) {}

  Plan make(const Options& options) {
    if (options.backend == Backend::reference) return Plan(system_, options);
    const auto key = std::pair(options.tolerance, options.precision);
    const auto known = built_.find(key);
    if (known != built_.end()) return known->second.on(options);
    Plan plan = make_plan(system_, options, quiet_);
    if (!quiet_) report(plan);
    return built_.emplace(key, std::move(plan)).first->second.on(options);
  }

 private:
  static void report(const Plan& plan) {
    const PlanAccuracy& accuracy = plan.accuracy();
    std::cerr << "plan: tolerance " << exact(plan.options().tolerance) << ", "
              << to_string(plan.options().precision) << ", " << accuracy.evaluations
              << " evaluations a model, worst measured error " << rounded(accuracy.worst) << "\n";
  }

  System system_;
  bool quiet_;
  std::map<std::pair<double, Precision>, Plan> built_;
};

/// The hardware that computes, and the peak rates of the devices.
void report_devices(const std::vector<Plan>& plans, const std::vector<BenchLine>& lines) {
  std::set<std::string> said;
  const auto say = [&said](const std::string& text) {
    if (said.insert(text).second) std::cerr << text << "\n";
  };
  constexpr double tera = 1e12;
  for (const auto& plan : plans) {
    say(std::string(to_string(plan.backend())) + ": " + plan.device());
  }
  for (const auto& line : lines) {
    if (line.kernel.empty()) continue;
    for (const auto& rate : line.kernel.front()) {
      say(rate.device +
          (rate.peak ? ": peak " + rounded(rate.peak->float64 / tera) + " TFLOP/s in double, " +
                           rounded(rate.peak->float32 / tera) + " in single"
                     : ": peak not known"));
    }
  }
}

std::string count_text(const std::vector<Plan>& plans, const BenchEffort& effort) {
  const auto on_devices = [](const Plan& plan) { return uses_devices(plan.backend()); };
  const bool some = std::ranges::any_of(plans, on_devices);
  const bool all = std::ranges::all_of(plans, on_devices);
  if (all) return counted(effort.models_on_devices, "model") + " a call";
  std::string text = counted(effort.models_on_cores, "model") + " a call";
  if (!some || effort.models_on_devices == effort.models_on_cores) return text;
  return text + " (" + std::to_string(effort.models_on_devices) + " with devices)";
}

BenchEffort read_effort(const Arguments& arguments) {
  const auto count = [&](const char* usual) {
    return parse_whole("count", arguments.value("count").value_or(usual), 1,
                       std::numeric_limits<int>::max());
  };
  return {count(default_count_on_cores), count(default_count_on_devices),
          parse_whole("rounds", arguments.value("rounds").value_or("5"), 1),
          parse_number("seconds", arguments.value("seconds").value_or("0.2"))};
}

ExitStatus bench(const Arguments& arguments) {
  const auto output = arguments.value("output");
  const bool force = arguments.has("force");
  const bool quiet = arguments.has("quiet");
  const auto layers =
      parse_wholes("layers", arguments.value("layers").value_or("3,8,30"), 1, max_layers);
  const BenchEffort effort = read_effort(arguments);
  if (output) io::check_writable(*output, {".csv"}, force);

  const auto all_options = bench_options(arguments);
  Plans plans(read_system_file(arguments.positional(0), arguments).system, quiet);
  std::vector<Plan> made;
  made.reserve(all_options.size());
  for (const auto& options : all_options) made.push_back(plans.make(options));
  const std::vector<BenchLine> lines = measure_lines(made, layers, effort);
  const auto rows = bench_table(lines);
  if (!quiet) report_devices(made, lines);
  std::cout << count_text(made, effort) << ", " << counted(effort.rounds, "round")
            << " of turns of " << rounded(effort.seconds) << " s\n"
            << text_table(rows);
  if (output) io::write_text(*output, io::csv_table(rows), force);
  bool lost = false;
  for (const auto& plan : made) lost |= report_faults(plan.backend(), plan.device_faults());
  return lost ? ExitStatus::check_failed : ExitStatus::done;
}

/// An option that takes a list, where forward takes one value.
OptionSpec as_list(OptionSpec option) {
  option.value = "X,X,...";
  return option;
}

}  // namespace

Verb bench_verb() {
  Usage usage;
  usage.verb = "bench";
  usage.summary = "Measure models per second";
  usage.positionals = {"SYSTEM"};
  usage.options = {{"n,count", "N",
                    std::string("models of a call (default ") + default_count_on_cores + "; " +
                        default_count_on_devices + " for cuda and hybrid)"},
                   {"rounds", "N", "turns of every line of the table (default 5)"},
                   {"seconds", "S", "that a turn lasts at least (default 0.2)"},
                   {"o,output", "OUT", "write the table also as .csv"},
                   {"f,force", "", "replace OUT if it is there"},
                   {"q,quiet", "", "say nothing but the table"}};
  for (auto& option : plan_option_specs()) {
    const bool varied = is_varied(option.names);
    if (option.names == "layers") {
      usage.options.push_back({"layers", "N,N,...", "layers of the models (default 3,8,30)"});
    } else {
      usage.options.push_back(varied ? as_list(std::move(option)) : std::move(option));
    }
  }
  for (auto& option : import_option_specs()) usage.options.push_back(std::move(option));
  usage.details =
      "Every combination of the lists is a line of the table. By default these are all backends\n"
      "but the reference: the cpu with 1, 2, 4 ... threads up to all cores, cuda with 1 to 4\n"
      "streams. Lines are measured turn about. A line's rate is the best and the median of its\n"
      "turns, end to end: from models to responses in the host's memory. Speed-up is relative to\n"
      "the line with the fewest threads and streams; efficiency is speed-up divided by the ratio "
      "of\n"
      "threads. The construction of plans is not counted. Models are random over the declared\n"
      "range. The reference computes 4 models a call. The exit status is 1 if a device failed: "
      "the\n"
      "cpu then computed some of its models.\n"
      "\n"
      "With cuda and hybrid: kernel/s is the median rate of the kernel alone, of all devices\n"
      "together. Each is measured separately, on as many models as a stream takes at a time, "
      "which\n"
      "are in the device's memory already. Occupancy is the part of a multiprocessor's threads "
      "that\n"
      "registers and shared memory leave room for. \"Of peak\" is the rate of floating-point\n"
      "operations relative to what the device could do at its peak clock: FP64 for reflection\n"
      "coefficients in double, FP32 for those in single. An addition, multiplication, division,\n"
      "root or comparison is one operation, a fused multiply-add two, a complex exponential 74.\n"
      "Interfaces too deep to matter, which are left out, do not count, nor do sums over\n"
      "wavenumbers and gates.";
  return {usage, bench};
}

}  // namespace stratem::cli
