// stratem bench: models per second, by backend, threads, batch, layers, tolerance and precision.
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <map>
#include <thread>
#include <utility>

#include "cli/geometry_options.hpp"
#include "cli/lists.hpp"
#include "cli/numbers.hpp"
#include "cli/plan_options.hpp"
#include "cli/text_table.hpp"
#include "cli/verb.hpp"
#include "core/plan/ensemble.hpp"
#include "io/data/csv.hpp"
#include "io/output_file.hpp"
#include "io/text_file.hpp"
#include "stratem/backends.hpp"
#include "stratem/io.hpp"
#include "stratem/plan.hpp"

namespace stratem::cli {
namespace {

using Clock = std::chrono::steady_clock;
using Row = std::vector<std::string>;

/// What bench varies; every combination is measured.
constexpr std::array varied_options{"backend", "tolerance", "precision",
                                    "threads", "layers",    "batch"};

struct Effort {
  std::int64_t models = 0;
  std::int64_t rounds = 0;
  double seconds = 0.0;  ///< that a turn lasts at least
};

/// One line of the table.
struct Case {
  const Plan* plan = nullptr;
  const ModelSet* models = nullptr;
  std::int64_t layers = 0;
  std::vector<double> rates{};     ///< models a second, of each round
  std::size_t fewest_threads = 0;  ///< the case that differs by having the fewest threads

  double best() const { return *std::ranges::max_element(rates); }
  double median() const {
    auto sorted = rates;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

/// 1, 2, 4 ... and all cores, for a backend that computes on them.
std::vector<int> thread_counts(Backend backend) {
  if (backend != Backend::cpu && backend != Backend::reference) return {0};
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<int> counts;
  for (int threads = 1; threads < cores; threads *= 2) counts.push_back(threads);
  counts.push_back(cores);
  return counts;
}

std::vector<Backend> usable_backends() {
  std::vector<Backend> usable;
  for (const auto& status : backends()) {
    if (status.usable && status.backend != Backend::reference) usable.push_back(status.backend);
  }
  return usable;
}

/// Options with one value of each list, in the order of the table.
std::vector<Options> combinations(const Arguments& arguments, const Options& base) {
  std::vector<Options> all{base};
  const auto vary = [&all](const auto& values, auto set) {
    std::vector<Options> varied;
    for (const auto& options : all) {
      for (const auto& value : values) {
        varied.push_back(options);
        set(varied.back(), value);
      }
    }
    all = std::move(varied);
  };
  const auto given = [&](const char* name) { return arguments.has(name); };
  const auto vary_given = [&](const char* name) {
    vary(split_list(name, arguments.required(name)),
         [name](Options& options, const std::string& text) { set_option(options, name, text); });
  };
  if (given("backend")) {
    vary_given("backend");
  } else {
    vary(usable_backends(), [](Options& options, Backend backend) { options.backend = backend; });
  }
  if (given("tolerance")) vary_given("tolerance");
  if (given("precision")) vary_given("precision");
  if (given("batch")) vary_given("batch");
  if (given("threads")) {
    vary_given("threads");
  } else {
    std::vector<Options> varied;
    for (auto& options : all) {
      for (const int threads : thread_counts(options.backend)) {
        options.threads = threads;
        varied.push_back(options);
      }
    }
    all = std::move(varied);
  }
  return all;
}

/// Plans for all combinations; those that share their nodes and weights are built once.
class Plans {
 public:
  Plans(System system, bool quiet) : system_(std::move(system)), quiet_(quiet) {}

  Plan make(const Options& options) {
    if (options.backend == Backend::reference) return Plan(system_, options);
    const auto key = std::pair(options.tolerance, options.precision);
    const auto known = built_.find(key);
    if (known != built_.end()) return known->second.on(options);
    Plan plan(system_, options);
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

/// Calls forward until the turn is over, at least once; models a second.
double rate_of(const Case& each, const Effort& effort) {
  // The reference takes as long for one model as others for thousands.
  constexpr std::int64_t reference_models = 4;
  const bool slow = each.plan->backend() == Backend::reference;
  const std::int64_t count = slow ? std::min(reference_models, effort.models) : effort.models;
  const ModelBatch models = each.models->view().slice(0, count);
  Responses responses(count, each.plan->gates());
  std::int64_t done = 0;
  double elapsed = 0.0;
  const auto start = Clock::now();
  do {
    each.plan->forward(models, responses.view());
    done += count;
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  } while (elapsed < effort.seconds);
  return static_cast<double>(done) / elapsed;
}

bool same_but_threads(const Case& a, const Case& b) {
  const Options& x = a.plan->options();
  const Options& y = b.plan->options();
  return a.layers == b.layers && x.backend == y.backend && x.tolerance == y.tolerance &&
         x.precision == y.precision && x.batch == y.batch;
}

void find_fewest_threads(std::vector<Case>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    cases[i].fewest_threads = i;
    for (std::size_t k = 0; k < cases.size(); ++k) {
      const auto& fewest = cases[cases[i].fewest_threads];
      if (same_but_threads(cases[i], cases[k]) &&
          cases[k].plan->options().threads < fewest.plan->options().threads) {
        cases[i].fewest_threads = k;
      }
    }
  }
}

/// Turn about, so that a machine that changes its speed does not favour one of them.
void measure(std::vector<Case>& cases, const Effort& effort) {
  // The first calls touch all memory and start the threads.
  for (const auto& each : cases) rate_of(each, {effort.models, 1, 0.0});
  for (std::int64_t round = 0; round < effort.rounds; ++round) {
    for (auto& each : cases) each.rates.push_back(rate_of(each, effort));
  }
}

Row heading() {
  return {"backend", "precision", "tolerance", "layers",   "batch",
          "threads", "best/s",    "median/s",  "speed-up", "efficiency"};
}

Row row_of(const Case& each, const std::vector<Case>& cases) {
  const Options& options = each.plan->options();
  const Case& fewest = cases[each.fewest_threads];
  const double speed_up = each.median() / fewest.median();
  const double threads =
      static_cast<double>(options.threads) / static_cast<double>(fewest.plan->options().threads);
  const bool counted_threads = options.threads > 0 && fewest.plan->options().threads > 0;
  return {std::string(to_string(each.plan->backend())),
          std::string(to_string(options.precision)),
          exact(options.tolerance),
          std::to_string(each.layers),
          options.batch == 0 ? "chosen" : std::to_string(options.batch),
          options.threads == 0 ? "all" : std::to_string(options.threads),
          rounded(each.best()),
          rounded(each.median()),
          rounded(speed_up),
          counted_threads ? rounded(speed_up / threads) : ""};
}

Options read_fixed_options(const Arguments& arguments) {
  Options options;
  for (const auto& option : describe_options()) {
    if (std::ranges::find(varied_options, option.name) != varied_options.end()) continue;
    const std::string name(option.name);
    if (const auto text = arguments.value(name)) set_option(options, name, *text);
  }
  return options;
}

ExitStatus bench(const Arguments& arguments) {
  const auto output = arguments.value("output");
  const bool force = arguments.has("force");
  const bool quiet = arguments.has("quiet");
  const auto layers =
      parse_wholes("layers", arguments.value("layers").value_or("3,8,30"), 1, max_layers);
  const Effort effort{parse_whole("count", arguments.value("count").value_or("10000"), 1),
                      parse_whole("rounds", arguments.value("rounds").value_or("5"), 1),
                      parse_number("seconds", arguments.value("seconds").value_or("0.2"))};
  if (output) io::check_writable(*output, {".csv"}, force);

  const auto all_options = combinations(arguments, read_fixed_options(arguments));
  for (const auto& options : all_options) check(options);
  Plans plans(read_system_file(arguments.positional(0), arguments).system, quiet);
  std::vector<Plan> made;
  for (const auto& options : all_options) made.push_back(plans.make(options));
  std::vector<ModelSet> models;
  for (const auto count : layers) {
    models.push_back(core::random_models(core::ensemble_range(all_options.front()),
                                         {static_cast<int>(count)}, static_cast<int>(effort.models),
                                         1));
  }
  std::vector<Case> cases;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (const auto& plan : made) cases.push_back({&plan, &models[i], layers[i]});
  }
  find_fewest_threads(cases);
  measure(cases, effort);

  std::vector<Row> rows{heading()};
  for (const auto& each : cases) rows.push_back(row_of(each, cases));
  if (!quiet) {
    for (const auto& plan : made) {
      if (&plan == &made.front() || plan.backend() != (&plan - 1)->backend()) {
        std::cerr << to_string(plan.backend()) << ": " << plan.device() << "\n";
      }
    }
  }
  std::cout << counted(effort.models, "model") << " a call, " << counted(effort.rounds, "round")
            << " of turns of " << rounded(effort.seconds) << " s\n"
            << text_table(rows);
  if (output) io::write_text(*output, io::csv_table(rows), force);
  return ExitStatus::done;
}

/// A list where forward takes one value.
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
  usage.options = {{"n,count", "N", "models of a call (default 10000)"},
                   {"rounds", "N", "turns of every line of the table (default 5)"},
                   {"seconds", "S", "that a turn lasts at least (default 0.2)"},
                   {"o,output", "OUT", "write the table also as .csv"},
                   {"f,force", "", "replace OUT if it is there"},
                   {"q,quiet", "", "say nothing but the table"}};
  for (auto& option : plan_option_specs()) {
    const bool varied = std::ranges::find(varied_options, option.names) != varied_options.end();
    if (option.names == "layers") {
      usage.options.push_back({"layers", "N,N,...", "layers of the models (default 3,8,30)"});
    } else {
      usage.options.push_back(varied ? as_list(std::move(option)) : std::move(option));
    }
  }
  for (auto& option : geometry_option_specs()) usage.options.push_back(std::move(option));
  usage.details =
      "Every combination of the lists is a line of the table; by default all backends but the\n"
      "reference, those on the cpu with 1, 2, 4 ... threads up to all cores. Lines are measured "
      "turn about; a "
      "line's\n"
      "rate is the best and the median of its turns. Speed-up is against the line with the fewest\n"
      "threads, efficiency that speed-up by the ratio of threads. Building plans is not counted.\n"
      "Models are random over the declared range. The reference computes 4 models a call.";
  return {usage, bench};
}

}  // namespace stratem::cli
