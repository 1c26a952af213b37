// Measures how many models per second a plan computes, without reading and writing files. Prints
// one JSON object a line: the plan, then one for every repetition. peers.py and scaling.py call it.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "stratem/error.hpp"
#include "stratem/io.hpp"
#include "stratem/plan.hpp"
#include "stratem/sampling.hpp"

namespace {

using namespace stratem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view usage =
    "usage: stratem_rate [--NAME VALUE]...\n"
    "  --system FILE          survey system; without it a loop of radius 10 m with its receiver "
    "in\n"
    "                         the centre, both 1 m high, 31 times from 1e-6 to 1e-2 s\n"
    "  --quantity Q           of that loop: dbdt or b (dbdt)\n"
    "  --waveform-points N    of that loop's current: half a sine of 1 ms; 0 is a step-off (0)\n"
    "  --layers N             of every model (3)\n"
    "  --varying 1            layer counts from 1 to --layers instead (0)\n"
    "  --models N             computed by one call (2000)\n"
    "  --seed N               of the models (1)\n"
    "  --repetitions N        (5)\n"
    "  --seconds S            that each repetition lasts at least (1)\n"
    "  --save-models FILE     writes the models, .csv or .h5\n"
    "  --save-responses FILE  writes their responses, .csv or .h5\n"
    "and the options of stratem forward: --backend, --tolerance, --precision, --threads (here 1),\n"
    "--resistivity-range, --height-range, --out-of-range, --batch, --cache.\n"
    "Resistivities are log-uniform from 1 to 1000 ohm-m, the deepest interface is at about 300 "
    "m.\n";

template <class Number>
Number parse(const std::string& name, const std::string& text, int smallest) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || !(value >= static_cast<Number>(smallest))) {
    throw InputError(name + ": " + text + ", allowed is a number from " + std::to_string(smallest));
  }
  return value;
}

Quantity parse_quantity(const std::string& text) {
  if (text == "dbdt") return Quantity::dbdt;
  if (text == "b") return Quantity::b;
  throw InputError("quantity: " + text + ", allowed is dbdt or b");
}

/// The plan and models to measure.
struct Task {
  std::string system;
  Quantity quantity = Quantity::dbdt;
  std::int64_t waveform_points = 0;
  std::int64_t layers = 3;
  std::int64_t varying = 0;
  std::int64_t models = 2000;
  std::uint64_t seed = 1;
  std::int64_t repetitions = 5;
  double seconds = 1.0;
  std::string save_models;
  std::string save_responses;
  Options options;
};

Task parse_task(std::span<const char* const> words) {
  std::map<std::string, std::string> given;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const std::string name = words[i];
    if (!name.starts_with("--") || i + 1 == words.size()) {
      throw InputError(name + ": not a pair of --NAME and VALUE");
    }
    given[name.substr(2)] = words[i + 1];
  }
  Task task;
  task.options.threads = 1;
  for (const auto& [name, text] : given) {
    if (name == "system") {
      task.system = text;
    } else if (name == "quantity") {
      task.quantity = parse_quantity(text);
    } else if (name == "waveform-points") {
      task.waveform_points = parse<std::int64_t>(name, text, 0);
    } else if (name == "layers") {
      task.layers = parse<std::int64_t>(name, text, 1);
    } else if (name == "varying") {
      task.varying = parse<std::int64_t>(name, text, 0);
    } else if (name == "models") {
      task.models = parse<std::int64_t>(name, text, 1);
    } else if (name == "seed") {
      task.seed = parse<std::uint64_t>(name, text, 0);
    } else if (name == "repetitions") {
      task.repetitions = parse<std::int64_t>(name, text, 0);
    } else if (name == "seconds") {
      task.seconds = parse<double>(name, text, 0.0);
    } else if (name == "save-models") {
      task.save_models = text;
    } else if (name == "save-responses") {
      task.save_responses = text;
    } else {
      set_option(task.options, name, text);
    }
  }
  return task;
}

/// Half a sine of 1 A and 1 ms that ends at t = 0, as straight lines between its points.
Waveform half_sine(std::int64_t points) {
  Waveform waveform;
  for (std::int64_t i = 0; i < points; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(points - 1);
    const bool end = i == 0 || i == points - 1;
    waveform.times.push_back(1e-3 * (part - 1.0));
    waveform.currents.push_back(end ? 0.0 : std::sin(std::numbers::pi * part));
  }
  return waveform;
}

System central_loop(Quantity quantity, std::int64_t waveform_points) {
  Transmitter transmitter;
  transmitter.loop = Circle{10.0};
  transmitter.height = 1.0;
  Receiver receiver;
  receiver.height = 1.0;
  Moment moment;
  moment.name = "central";
  moment.transmitters = {transmitter};
  moment.receivers = {receiver};
  moment.quantity = quantity;
  if (waveform_points > 0) moment.waveform = half_sine(waveform_points);
  for (int i = 0; i < 31; ++i) {
    const double time = std::pow(10.0, -6.0 + 4.0 * i / 30.0);
    moment.gates.push_back({time, time});
  }
  System system;
  system.name = "central loop";
  system.moments = {moment};
  return system;
}

Distribution between(Distribution::Kind kind, double min, double max) {
  Distribution distribution;
  distribution.kind = kind;
  distribution.min = min;
  distribution.max = max;
  return distribution;
}

/// Depth of interface i of n, 1 .. n, if all thicknesses have their mean value: each layer is
/// thicker than the one above by the same factor, and the last is about ten times the first.
double mean_depth(std::int64_t i, std::int64_t n) {
  constexpr double deepest = 300.0;
  const double part = static_cast<double>(i) / static_cast<double>(n);
  return deepest * (std::pow(10.0, part) - 1.0) / 9.0;
}

Prior prior_of(std::int64_t layers) {
  const std::int64_t interfaces = layers - 1;
  Prior prior;
  for (std::int64_t i = 1; i <= layers; ++i) {
    LayerPrior layer;
    layer.resistivity = between(Distribution::Kind::log_uniform, 1.0, 1000.0);
    if (i < layers) {
      const double mean = mean_depth(i, interfaces) - mean_depth(i - 1, interfaces);
      layer.thickness = between(Distribution::Kind::uniform, 0.5 * mean, 1.5 * mean);
    }
    prior.layers.push_back(layer);
  }
  return prior;
}

/// Every model is drawn from the prior of its own layer count, uniform from 1 to `layers`.
ModelSet sample_varying(std::int64_t layers, std::uint64_t seed, std::int64_t count) {
  ModelSet models;
  models.models = count;
  models.layers = layers;
  models.resistivity.assign(static_cast<std::size_t>(count * layers), 1.0);
  models.thickness.assign(static_cast<std::size_t>(count * (layers - 1)), 1.0);
  std::vector<Prior> priors;
  for (std::int64_t n = 1; n <= layers; ++n) priors.push_back(prior_of(n));
  std::mt19937_64 random(seed);
  for (std::int64_t m = 0; m < count; ++m) {
    const auto n = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(layers)) + 1;
    const ModelSet one = sample(priors[static_cast<std::size_t>(n - 1)], seed, m, 1);
    std::copy(one.resistivity.begin(), one.resistivity.end(),
              models.resistivity.begin() + m * layers);
    std::copy(one.thickness.begin(), one.thickness.end(),
              models.thickness.begin() + m * (layers - 1));
    models.layer_count.push_back(static_cast<std::int32_t>(n));
  }
  return models;
}

ModelSet make_models(const Task& task) {
  if (task.varying != 0) return sample_varying(task.layers, task.seed, task.models);
  return sample(prior_of(task.layers), task.seed, 0, task.models);
}

void print(const nlohmann::ordered_json& line) { std::cout << line.dump() << std::endl; }

void print_plan(const Plan& plan) {
  const PlanAccuracy& accuracy = plan.accuracy();
  nlohmann::ordered_json windows = nlohmann::ordered_json::array();
  for (const auto& window : accuracy.windows) {
    windows.push_back({{"nodes", window.nodes},
                       {"nodes_in_single", window.nodes_float32},
                       {"wavenumbers", window.wavenumbers}});
  }
  print({{"record", "plan"},
         {"device", plan.device()},
         {"evaluations", accuracy.evaluations},
         {"windows", windows},
         {"worst_error", accuracy.worst},
         {"median_error", accuracy.median},
         {"held_out_models", accuracy.held_out_models},
         {"build_seconds", accuracy.seconds},
         {"from_cache", accuracy.from_cache}});
}

/// Calls forward until `seconds` have passed, at least once.
void measure_once(const Plan& plan, const ModelBatch& batch, double seconds, Responses& responses) {
  std::int64_t calls = 0;
  double elapsed = 0.0;
  const auto start = Clock::now();
  do {
    plan.forward(batch, responses.view());
    ++calls;
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  } while (elapsed < seconds);
  print({{"record", "repetition"},
         {"models", batch.models},
         {"calls", calls},
         {"seconds", elapsed},
         {"models_per_second", static_cast<double>(batch.models * calls) / elapsed}});
}

std::int64_t count_failures(const Responses& responses) {
  return static_cast<std::int64_t>(responses.status.size()) -
         std::count(responses.status.begin(), responses.status.end(), Status::ok);
}

void save(const Task& task, const Plan& plan, const ModelSet& models, const Responses& responses) {
  if (!task.save_models.empty()) write_models(task.save_models, models, true);
  if (task.save_responses.empty()) return;
  const ResponseAttributes attributes{plan.system(), plan.options().tolerance,
                                      plan.accuracy().worst, std::string(to_string(plan.backend())),
                                      plan.device()};
  write_responses(task.save_responses, responses, attributes, true);
}

System system_of(const Task& task) {
  if (task.system.empty()) return central_loop(task.quantity, task.waveform_points);
  return read_system(task.system).system;
}

void run(const Task& task) {
  const Plan plan(system_of(task), task.options);
  print_plan(plan);
  const ModelSet models = make_models(task);
  Responses responses(models.models, plan.gates());
  if (!task.save_models.empty() || !task.save_responses.empty()) {
    plan.forward(models.view(), responses.view());
    save(task, plan, models, responses);
  }
  if (task.repetitions == 0) return;

  // The first call touches all memory and starts the threads.
  constexpr std::int64_t warm_up = 1000;
  const std::int64_t few = std::min(models.models, warm_up);
  plan.forward(models.view().slice(0, few),
               {{responses.response.data(), few, plan.gates()}, {responses.status.data(), few}});
  for (std::int64_t i = 0; i < task.repetitions; ++i) {
    measure_once(plan, models.view(), task.seconds, responses);
  }
  if (const auto failures = count_failures(responses); failures > 0) {
    throw InputError("models: " + std::to_string(failures) + " of " +
                     std::to_string(models.models) + " could not be computed");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  if (argc == 2 && (std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h")) {
    std::cout << usage;
    return 0;
  }
  try {
    run(parse_task(words.subspan(1)));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "stratem_rate: " << error.what() << "\n";
    return 2;
  }
}
