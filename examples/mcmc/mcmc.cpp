// A hundred chains of a Metropolis sampler invert one sounding, side by side: every step is one
// call with the candidates of all chains.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <random>
#include <stratem/stratem.hpp>
#include <vector>

namespace {

constexpr std::int64_t chains = 100;
constexpr std::int64_t layers = 3;
constexpr int steps = 2000;
constexpr double noise = 0.05;   // relative standard deviation of the data
constexpr double stride = 0.05;  // standard deviation of a step, in natural logarithms

/// Minus half of the squared misfit.
double log_likelihood(const stratem::Responses& responses, std::int64_t model,
                      const std::vector<double>& data) {
  double sum = 0.0;
  for (std::int64_t gate = 0; gate < responses.gates; ++gate) {
    const double datum = data[static_cast<std::size_t>(gate)];
    const double misfit = (responses(model, gate) - datum) / (noise * datum);
    sum -= 0.5 * misfit * misfit;
  }
  return std::isnan(sum) ? -INFINITY : sum;  // a candidate outside the plan's range is refused
}

void invert(const stratem::Plan& plan) {
  stratem::ModelSet truth;
  truth.models = 1;
  truth.layers = layers;
  truth.resistivity = {80.0, 8.0, 200.0};
  truth.thickness = {30.0, 40.0};
  const std::vector<double> data = plan.forward(truth.view()).response;

  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  stratem::ModelSet state;
  state.models = chains;
  state.layers = layers;
  state.resistivity.assign(chains * layers, 50.0);
  state.thickness.assign(chains * (layers - 1), 35.0);
  std::vector<double> likelihood(chains, -INFINITY);
  std::vector<double> middle;  // second layer's resistivities in the second half of each chain
  std::chrono::duration<double> computing{};

  for (int step = 0; step < steps; ++step) {
    stratem::ModelSet candidate = state;
    for (double& value : candidate.resistivity) value *= std::exp(stride * normal(random));
    for (double& value : candidate.thickness) value *= std::exp(stride * normal(random));
    const auto start = std::chrono::steady_clock::now();
    const stratem::Responses responses = plan.forward(candidate.view());
    computing += std::chrono::steady_clock::now() - start;
    for (std::int64_t chain = 0; chain < chains; ++chain) {
      const auto c = static_cast<std::size_t>(chain);
      const double found = log_likelihood(responses, chain, data);
      if (std::log(uniform(random)) < found - likelihood[c]) {
        likelihood[c] = found;
        std::copy_n(&candidate.resistivity[c * layers], layers, &state.resistivity[c * layers]);
        std::copy_n(&candidate.thickness[c * (layers - 1)], layers - 1,
                    &state.thickness[c * (layers - 1)]);
      }
      if (step >= steps / 2) middle.push_back(state.resistivity[c * layers + 1]);
    }
  }

  std::sort(middle.begin(), middle.end());
  const auto percentile = [&](double p) {
    return middle[static_cast<std::size_t>(p / 100.0 * static_cast<double>(middle.size() - 1))];
  };
  std::cout << "second layer: true 8 ohm-m, found " << percentile(10) << " to " << percentile(90)
            << " (percentiles 10 and 90)\n"
            << "a call with " << chains << " models: " << 1e3 * computing.count() / steps
            << " ms\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: mcmc SYSTEM.json\n";
    return 2;
  }
  try {
    stratem::ExecutionOptions execution;
    execution.threads = 2;
    invert(stratem::Plan(stratem::read_system(argv[1]).system, {}, execution));
  } catch (const stratem::Error& error) {
    std::cerr << "mcmc: " << error.what() << "\n";
    return 1;
  }
}
