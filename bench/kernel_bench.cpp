// Cost of the cpu kernel by instruction set, precision and layers: one thread, one vector of models
// at a time, 1,056 evaluations of r_TE for each model. The counter is the time of one evaluation
// and layer. Arguments: layers, exponent beyond which interfaces are left out.
#include <benchmark/benchmark.h>

#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "cpu/cpu_evaluator.hpp"
#include "cpu/kernel.hpp"

namespace stratem {
namespace {

using Random = std::mt19937_64;

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

/// Four decades of time from 1e-6 s, 12 nodes on a hyperbola and 22 wavenumbers for each.
core::PlanTable table_of_four_decades(Precision precision, double deepest_exponent) {
  Random random(1);
  core::PlanTable table;
  table.gates = 31;
  table.deepest_exponent = deepest_exponent;
  table.largest_cancellation = std::numeric_limits<double>::infinity();
  for (std::int64_t w = 0; w < 4; ++w) {
    core::PlanWindow window;
    window.single_precision = precision == Precision::float32;
    const double largest_time = 1e-5 * std::pow(10.0, static_cast<double>(w));
    for (int j = 0; j < 12; ++j) {
      const std::complex<double> angle(-1.1721, 0.09 * (j + 0.5));
      window.node.push_back(4.49 * 12.0 / largest_time * (1.0 + std::sin(angle)));
    }
    for (int m = 0; m < 22; ++m) {
      const double first = 3e-3 * std::pow(10.0, -0.4 * static_cast<double>(w));
      window.wavenumber.push_back(first * std::pow(10.0, m * 2.4 / 22));
    }
    window.weight.emplace_back();
    for (int m = 0; m < 22; ++m) window.weight[0].push_back(uniform(random, -1.0, 1.0));
    for (std::int64_t gate = 0; gate < 8; ++gate) {
      core::GateRow row{std::min<std::int64_t>(w * 8 + gate, 30), 0, {}};
      for (int j = 0; j < 12; ++j) row.weight.emplace_back(uniform(random, -1.0, 1.0), 0.5);
      window.rows.push_back(row);
    }
    table.windows.push_back(window);
  }
  return table;
}

/// 1 to 1,000 ohm-m down to about 300 m.
ModelSet random_models(std::int64_t count, std::int64_t layers) {
  Random random(2);
  ModelSet models;
  models.models = count;
  models.layers = layers;
  for (std::int64_t m = 0; m < count; ++m) {
    for (std::int64_t i = 0; i < layers; ++i) {
      models.resistivity.push_back(std::pow(10.0, uniform(random, 0.0, 3.0)));
      if (i > 0) {
        const double growth =
            std::pow(10.0, 2.0 * static_cast<double>(i) / static_cast<double>(layers));
        models.thickness.push_back(uniform(random, 0.5, 1.5) * 300.0 * 0.047 * growth * 30.0 /
                                   (10.0 * static_cast<double>(layers)));
      }
    }
  }
  return models;
}

System ground_system() {
  System system;
  system.moments.resize(1);
  system.moments[0].transmitters.resize(1);
  system.moments[0].receivers.resize(1);
  return system;
}

void measure(benchmark::State& state, const ModelSet& models, Precision precision,
             double deepest_exponent) {
  const core::PlanTable table = table_of_four_decades(precision, deepest_exponent);
  Options options;
  options.precision = precision;
  options.threads = 1;
  options.batch = models.models;
  const cpu::CpuEvaluator evaluator(table, ground_system(), options);
  Responses responses(models.models, table.gates);
  std::int64_t layers = 0;
  for (std::int64_t m = 0; m < models.models; ++m) {
    layers += models.layer_count.empty() ? models.layers
                                         : models.layer_count[static_cast<std::size_t>(m)];
  }
  for (auto _ : state) {
    evaluator.forward(models.view(), responses.view());
    benchmark::DoNotOptimize(responses.response.data());
  }
  const auto work =
      static_cast<double>(table.evaluations() * layers) * static_cast<double>(state.iterations());
  state.counters["s/layer"] =
      benchmark::Counter(work, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["models/s"] = benchmark::Counter(
      static_cast<double>(models.models * state.iterations()), benchmark::Counter::kIsRate);
}

void same_layers(benchmark::State& state, const std::string& set, Precision precision) {
  cpu::use_instruction_set(set);
  measure(state, random_models(64, state.range(0)), precision, static_cast<double>(state.range(1)));
}

/// 1 to 30 layers in one batch of 256, compared with as many models of 15 or 16 layers.
void varying_layers(benchmark::State& state, const std::string& set, Precision precision,
                    bool varying) {
  cpu::use_instruction_set(set);
  ModelSet models = random_models(256, 30);
  Random random(3);
  for (std::int32_t m = 0; m < 256; ++m) {
    models.layer_count.push_back(
        varying ? std::uniform_int_distribution<std::int32_t>(1, 30)(random) : 15 + m % 2);
  }
  measure(state, models, precision, 1e9);
}

void register_all() {
  for (const auto& set : cpu::instruction_sets()) {
    for (const Precision precision : {Precision::float64, Precision::float32}) {
      const std::string name = set + "/" + std::string(to_string(precision));
      benchmark::RegisterBenchmark((name + "/layers").c_str(), same_layers, set, precision)
          ->ArgsProduct({{3, 8, 30}, {1000000, 40, 20}});
      for (const bool varying : {false, true}) {
        benchmark::RegisterBenchmark(
            (name + (varying ? "/1_to_30_layers" : "/15_or_16_layers")).c_str(), varying_layers,
            set, precision, varying);
      }
    }
  }
}

const bool registered = (register_all(), true);

}  // namespace
}  // namespace stratem
