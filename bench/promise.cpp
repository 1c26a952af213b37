// Tests the tolerance of plans with models whose seeds are new in every run, and prints a table.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "core/plan/model_search.hpp"
#include "core/plan/response_size.hpp"
#include "model_families.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"
#include "stratem/plan.hpp"

namespace {

using namespace stratem;

constexpr std::string_view usage =
    "usage: stratem_promise [OPTION]...\n"
    "  --systems A,B,...         of data/systems, and central, offset and square (all)\n"
    "  --tolerances X,Y,...      (1e-3,1e-4,1e-5,1e-6)\n"
    "  --searches N              fresh searches for every plan (3)\n"
    "  --count N                 models of every search and family that are compared with the\n"
    "                            reference, a fifth as many where they have 200 layers (200)\n"
    "  --seed N                  repeats a run (another one every time)\n"
    "  --polarizable             layers are polarizable\n"
    "  --cache FOLDER            keeps plans there (none)\n"
    "  --backend, --precision, --resistivity-range, --threads: as those of stratem forward\n"
    "Exit status 1 if a model errs by more than the tolerance, or if there is no plan.\n";

struct Tolerance {
  std::string text;  ///< as given on the command line
  double value = 0.0;
};

/// The systems, tolerances and searches to test.
struct Task {
  std::vector<std::string> systems;
  std::vector<Tolerance> tolerances;
  std::int64_t searches = 3;
  std::int64_t count = 200;
  std::uint64_t seed = 0;
  Options options;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char letter : text) {
    if (letter == ',') {
      words.emplace_back();
    } else {
      words.back() += letter;
    }
  }
  return words;
}

template <class Number>
Number parse_whole(const std::string& name, const std::string& text, Number least) {
  const auto value = base::parse_number<Number>(text);
  if (!value || *value < least) {
    throw InputError(name + ": " + text + ", allowed is a whole number from " +
                     std::to_string(least));
  }
  return *value;
}

std::vector<Tolerance> parse_tolerances(const std::string& text) {
  std::vector<Tolerance> tolerances;
  for (const auto& word : split(text)) {
    Options options;
    set_option(options, "tolerance", word);
    check(options);
    tolerances.push_back({word, options.tolerance});
  }
  return tolerances;
}

/// Central, offset and square: one moment of -dB/dt after a step-off at 31 times from 1e-6 to 1e-2
/// s.
System loop_system(const std::string& name, Loop loop, double height, double offset) {
  Transmitter transmitter;
  transmitter.loop = std::move(loop);
  transmitter.height = height;
  Receiver receiver;
  receiver.position = {offset, 0.0};
  receiver.height = height;
  Moment moment;
  moment.name = name;
  moment.transmitters = {transmitter};
  moment.receivers = {receiver};
  for (int i = 0; i < 31; ++i) {
    const double time = std::pow(10.0, -6.0 + 4.0 * i / 30.0);
    moment.gates.push_back({time, time});
  }
  System system;
  system.name = name;
  system.moments = {moment};
  return system;
}

std::filesystem::path systems_folder() {
  return std::filesystem::path(STRATEM_DATA_DIR) / "systems";
}

std::vector<std::string> all_systems() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(systems_folder())) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  names.insert(names.end(), {"central", "offset", "square"});
  return names;
}

System system_of(const std::string& name) {
  if (name == "central") return loop_system(name, Circle{10.0}, 1.0, 0.0);
  if (name == "offset") return loop_system(name, Circle{10.0}, 0.0, 30.0);
  if (name == "square") {
    const Polygon square{{{-25.0, -25.0}, {25.0, -25.0}, {25.0, 25.0}, {-25.0, 25.0}}};
    return loop_system(name, square, 0.0, 0.0);
  }
  return read_system(systems_folder() / (name + ".json")).system;
}

Task parse_task(std::span<const char* const> words) {
  Task task;
  task.systems = all_systems();
  task.tolerances = parse_tolerances("1e-3,1e-4,1e-5,1e-6");
  task.options.cache = "none";
  bool is_seeded = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i];
    if (word == "--polarizable") {
      task.options.polarizable = true;
      continue;
    }
    if (!word.starts_with("--") || i + 1 == words.size()) {
      throw InputError(word + ": not an option and its value");
    }
    const std::string name = word.substr(2);
    const std::string text = words[++i];
    if (name == "systems") {
      task.systems = split(text);
    } else if (name == "tolerances") {
      task.tolerances = parse_tolerances(text);
    } else if (name == "searches") {
      task.searches = parse_whole<std::int64_t>(name, text, 0);
    } else if (name == "count") {
      task.count = parse_whole<std::int64_t>(name, text, 1);
    } else if (name == "seed") {
      task.seed = parse_whole<std::uint64_t>(name, text, 0);
      is_seeded = true;
    } else if (name == "cache" || name == "backend" || name == "precision" ||
               name == "resistivity-range" || name == "threads") {
      set_option(task.options, name, text);
    } else {
      throw InputError(word + ": not known");
    }
  }
  check(task.options);
  for (const auto& name : task.systems) system_of(name);
  if (!is_seeded) task.seed = std::random_device()();
  return task;
}

/// The largest error of a plan over some models.
struct Worst {
  double error = 0.0;  ///< infinite if a model was not computed
  std::int64_t model = 0;
  std::int64_t gate = 0;
  std::int64_t above = 0;  ///< models above the tolerance
};

Worst worst_of(const Plan& plan, const ModelSet& models, const Responses& truth) {
  const Responses responses = plan.forward(models.view());
  const std::vector<double> size = core::response_sizes(plan.system(), truth);
  Worst worst;
  for (std::int64_t m = 0; m < models.models; ++m) {
    bool is_above = false;
    for (std::int64_t g = 0; g < truth.gates; ++g) {
      double error = std::abs(responses(m, g) - truth(m, g)) /
                     size[static_cast<std::size_t>(m * truth.gates + g)];
      if (!std::isfinite(error)) error = std::numeric_limits<double>::infinity();
      is_above = is_above || error > plan.options().tolerance;
      if (error > worst.error) worst = {error, m, g, worst.above};
    }
    if (is_above) ++worst.above;
  }
  return worst;
}

std::string joined(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : ",") + base::to_text(value);
  return text;
}

/// "resistivity 10,100 ohm-m, thickness 5 m, height 30 m".
std::string description(const ModelSet& models, std::int64_t number) {
  ModelSet model = select_models(models.view(), {number});
  std::int64_t layers = model.layers;
  if (!model.layer_count.empty()) layers = model.layer_count[0];
  const auto first = [](std::vector<double>& values, std::int64_t count) {
    values.resize(static_cast<std::size_t>(count));
    return joined(values);
  };
  std::string text = "resistivity " + first(model.resistivity, layers) + " ohm-m";
  if (layers > 1) text += ", thickness " + first(model.thickness, layers - 1) + " m";
  if (!model.chargeability.empty()) {
    text += ", chargeability " + first(model.chargeability, layers) + ", time constant " +
            first(model.time_constant, layers) + " s, exponent " + first(model.exponent, layers);
  }
  if (!model.height.empty()) text += ", height " + joined(model.height) + " m";
  return text;
}

/// The value with four significant digits.
std::string short_text(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// "HM, 1.2e-05 s".
std::string gate_text(const System& system, std::int64_t gate) {
  for (const auto& moment : system.moments) {
    const auto gates = static_cast<std::int64_t>(moment.gates.size());
    if (gate < gates) {
      const double time = moment.gates[static_cast<std::size_t>(gate)].centre();
      return moment.name + ", " + short_text(time) + " s";
    }
    gate -= gates;
  }
  return {};
}

/// Tests one plan: a row of the table.
class PromiseTest {
 public:
  PromiseTest(const Task& task, std::string name, Tolerance tolerance)
      : task_(task), name_(std::move(name)), tolerance_(std::move(tolerance)) {}

  /// Prints the row. Returns false if the tolerance is exceeded, or if there is no plan.
  bool run() {
    System system = system_of(name_);
    Options options = task_.options;
    options.tolerance = tolerance_.value;
    const double height = system.moments[0].transmitters[0].height;
    if (height > 5.0) options.height = Range{0.7 * height, 2.0 * height};
    const auto plan = built(std::move(system), options);
    if (!plan) return false;
    search(*plan);
    draw(*plan);
    print_row(plan->accuracy());
    return is_kept_;
  }

 private:
  std::optional<Plan> built(System system, const Options& options) const {
    try {
      return std::make_optional<Plan>(std::move(system), options);
    } catch (const InputError& error) {
      std::cout << "| " << name_ << " | " << tolerance_.text << " | no plan | | | | | | |"
                << std::endl;
      std::cerr << place() << ": " << error.what() << std::endl;
      return std::nullopt;
    }
  }

  std::string place() const { return name_ + ", " + tolerance_.text; }

  void search(const Plan& plan) {
    for (std::int64_t i = 0; i < task_.searches; ++i) {
      const std::uint64_t seed =
          bench::derived_seed(task_.seed, place() + " search " + std::to_string(i));
      const ModelSet found = plan.hardest_models(task_.count, seed);
      const double error = compare(plan, "search " + std::to_string(i + 1), found);
      worst_of_searches_ = std::max(worst_of_searches_, error);
    }
  }

  void draw(const Plan& plan) {
    for (const auto& family :
         bench::model_families(plan.options(), task_.count, task_.seed, place())) {
      const double error = compare(plan, family.name, family.models);
      if (error <= worst_of_families_) continue;
      worst_of_families_ = error;
      worst_family_ = family.name;
    }
  }

  /// The worst error. Prints a message if it is above the tolerance.
  double compare(const Plan& plan, const std::string& origin, const ModelSet& models) {
    Options options;
    options.backend = Backend::reference;
    options.threads = task_.options.threads;
    const Responses truth = Plan(plan.system(), options).forward(models.view());
    const Worst worst = worst_of(plan, models, truth);
    compared_ += models.models;
    if (worst.above > 0) {
      is_kept_ = false;
      std::cerr << place() << ", " << origin << " of seed " << task_.seed << ": " << worst.above
                << " of " << models.models << " models above the tolerance, the worst "
                << fixed(worst.error / tolerance_.value, 2) << " times ("
                << gate_text(plan.system(), worst.gate) << "): " << description(models, worst.model)
                << std::endl;
    }
    return worst.error;
  }

  void print_row(const PlanAccuracy& accuracy) const {
    constexpr core::SearchSize size;
    const double fresh = static_cast<double>(task_.searches) * size.covers * size.grounds;
    const auto parts = [&](double error) { return fixed(error / tolerance_.value, 2); };
    std::cout << "| " << name_ << " | " << tolerance_.text << " | "
              << fixed(1e-6 * static_cast<double>(accuracy.search.candidates), 1) << " + "
              << fixed(1e-6 * fresh, 1) << " | " << parts(accuracy.search.worst) << " | "
              << parts(worst_of_searches_) << " | " << parts(worst_of_families_) << " "
              << worst_family_ << " | " << compared_ << " | " << accuracy.evaluations << " | "
              << fixed(accuracy.seconds, 1) << " |" << std::endl;
  }

  const Task& task_;
  std::string name_;
  Tolerance tolerance_;
  bool is_kept_ = true;
  double worst_of_searches_ = 0.0;
  double worst_of_families_ = 0.0;
  std::string worst_family_;
  std::int64_t compared_ = 0;
};

/// Tests all plans, one after another. Returns false if a tolerance is exceeded or has no plan.
bool run(const Task& task) {
  std::cout
      << "Seed " << task.seed << "\n\n"
      << "| system | tolerance | candidates, million: builder + fresh | builder's last search "
         "| fresh searches | families | compared | evaluations | built in, s |\n"
      << "| --- | --- | --- | --- | --- | --- | --- | --- | --- |" << std::endl;
  bool all_kept = true;
  for (const auto& name : task.systems) {
    for (const auto& tolerance : task.tolerances) {
      all_kept = PromiseTest(task, name, tolerance).run() && all_kept;
    }
  }
  return all_kept;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  if (argc == 2 && (std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h")) {
    std::cout << usage;
    return 0;
  }
  try {
    return run(parse_task(words.subspan(1))) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "stratem_promise: " << error.what() << "\n";
    return 2;
  }
}
