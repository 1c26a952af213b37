#include "core/plan/model_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "core/plan/response_size.hpp"
#include "core/plan/stack_scan.hpp"

namespace stratem::core {
namespace {

/// Every candidate is varied for some generations. The best of every window are then varied for
/// more generations.
struct Improvement {
  int generations;
  int variations;
  std::size_t of_each_window;
};
constexpr std::array improvements{Improvement{6, 6, 1000}, Improvement{16, 16, 16}};
/// Standard deviations of moves, in logarithms.
constexpr double longest_step = 0.7;
constexpr double shortest_step = 0.02;
/// Models are reported only if their error is at least this part of the largest error in their
/// window.
constexpr double as_bad = 0.5;
constexpr std::size_t most_reported = 64;  // of every window

/// Standard normal, to the accuracy that a search needs.
double normal(Uniform& uniform) {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += uniform(0.0, 1.0);
  return sum;
}

}  // namespace

FoundModels ModelSearch::find(const PlanTable& table, const PlanTable& finer,
                              const SearchSize& size, std::uint64_t seed) const {
  Uniform uniform(seed);
  FoundModels found;
  std::vector<Candidate> candidates = worst_of_scan(table, finer, size, uniform, found.candidates);
  for (auto& each : improved(candidates, table, finer, uniform, found.candidates)) {
    candidates.push_back(std::move(each));
  }
  std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::error);
  std::vector<StackedModel> models;
  for (auto& each : candidates) {
    models.push_back(std::move(each.model));
    found.error.push_back(each.error);
    found.window.push_back(each.window);
  }
  found.models = to_models(models, range_);
  return found;
}

std::vector<ModelSearch::Candidate> ModelSearch::worst_of_scan(const PlanTable& table,
                                                               const PlanTable& finer,
                                                               const SearchSize& size,
                                                               Uniform& uniform,
                                                               std::int64_t& looked_at) const {
  std::vector<LayerStack> covers;
  std::vector<double> heights;
  std::vector<LayerStack> grounds;
  for (int i = 0; i < size.covers; ++i) {
    covers.push_back(random_cover(range_, uniform));
    if (range_.least_height) heights.push_back(random_height(range_, uniform));
  }
  grounds.reserve(static_cast<std::size_t>(size.grounds));
  for (int i = 0; i < size.grounds; ++i) grounds.push_back(random_ground(range_, uniform));
  looked_at += std::ssize(covers) * std::ssize(grounds);
  const StackScan scan(system_, table, finer);
  const auto largest = scan.largest_differences(covers, heights, grounds, threads_, monitor_);

  std::vector<Candidate> candidates;
  for (std::size_t w = 0; w < largest.size(); ++w) {
    std::vector<std::size_t> worst(covers.size());
    std::iota(worst.begin(), worst.end(), std::size_t{0});
    std::ranges::stable_sort(worst, std::ranges::greater(),
                             [&](std::size_t c) { return largest[w][c].error; });
    worst.resize(std::min(static_cast<std::size_t>(size.improved), worst.size()));
    for (const std::size_t c : worst) {
      candidates.push_back(
          {{joined(covers[c], grounds[largest[w][c].ground]), heights.empty() ? 0.0 : heights[c]},
           w,
           0.0});
    }
  }
  judge(candidates, table, finer);
  return candidates;
}

/// Raises the error of every candidate separately: a random variation with a larger error replaces
/// it. Returns the final candidates, and intermediate models whose errors are nearly as large.
std::vector<ModelSearch::Candidate> ModelSearch::improved(std::vector<Candidate> candidates,
                                                          const PlanTable& table,
                                                          const PlanTable& finer, Uniform& uniform,
                                                          std::int64_t& looked_at) const {
  std::vector<Candidate> result;
  for (const auto& [generations, variations, of_each_window] : improvements) {
    keep_worst(candidates, of_each_window);
    for (int generation = 0; generation < generations; ++generation) {
      monitor_.checkpoint();
      std::vector<Candidate> varieties;
      for (const auto& candidate : candidates) {
        for (int i = 0; i < variations; ++i) {
          const double step = uniform.log(shortest_step, longest_step);
          varieties.push_back({varied(candidate.model, step, uniform), candidate.window, 0.0});
        }
      }
      judge(varieties, table, finer);
      looked_at += std::ssize(varieties);
      for (std::size_t i = 0; i < varieties.size(); ++i) {
        Candidate& candidate = candidates[i / static_cast<std::size_t>(variations)];
        if (varieties[i].error <= candidate.error) continue;
        result.push_back(std::move(candidate));
        candidate = std::move(varieties[i]);
      }
    }
    result.insert(result.end(), candidates.begin(), candidates.end());
  }
  // Keep only the models whose errors are nearly as large as the largest in their window.
  std::vector<double> worst(table.windows.size(), 0.0);
  for (const auto& each : result) worst[each.window] = std::max(worst[each.window], each.error);
  std::erase_if(result,
                [&](const Candidate& each) { return each.error < as_bad * worst[each.window]; });
  keep_worst(result, most_reported);
  return result;
}

/// Keeps `of_each_window` candidates of every window, the worst first.
void ModelSearch::keep_worst(std::vector<Candidate>& candidates, std::size_t of_each_window) {
  std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::error);
  std::map<std::size_t, std::size_t> kept;
  std::erase_if(candidates,
                [&](const Candidate& each) { return kept[each.window]++ >= of_each_window; });
}

StackedModel ModelSearch::varied(const StackedModel& model, double step, Uniform& uniform) const {
  StackedModel result = model;
  LayerStack& stack = result.stack;
  vary_layers(stack, uniform);
  // Vary a few numbers at a time: moving all of them hardly ever raises the error.
  const double moved = std::max(0.3, 1.5 / static_cast<double>(stack.resistivity.size()));
  const double span = std::log(range_.most_resistivity / range_.least_resistivity);
  for (double& value : stack.resistivity) {
    if (uniform.chance(moved)) value *= std::exp(0.3 * span * step * normal(uniform));
    value = std::clamp(value, range_.least_resistivity, range_.most_resistivity);
  }
  for (double& value : stack.thickness) {
    if (uniform.chance(moved)) value *= std::exp(2.0 * step * normal(uniform));
    value = std::clamp(value, thinnest_layer, thickest_layer);
  }
  for (std::size_t i = 0; i < stack.polarization.size(); ++i) {
    Polarization& layer = stack.polarization[i];
    const double resistivity = stack.resistivity[i];
    const bool out_of_range = resistivity * (1.0 - layer.chargeability) < range_.least_resistivity;
    if (uniform.chance(0.2))
      layer = random_polarization(range_, resistivity, uniform);
    else if (out_of_range)
      layer = {};
    else if (uniform.chance(0.3))
      layer.time_constant *= std::exp(2.0 * step * normal(uniform));
  }
  if (range_.least_height && uniform.chance(0.3)) result.height = random_height(range_, uniform);
  return result;
}

/// Occasionally removes or inserts a layer.
void ModelSearch::vary_layers(LayerStack& stack, Uniform& uniform) const {
  const auto erase = [](auto& values, std::ptrdiff_t at) { values.erase(values.begin() + at); };
  const auto covering = static_cast<int>(stack.thickness.size());
  if (covering > 0 && uniform.chance(0.1)) {
    const std::ptrdiff_t at = uniform.whole(0, covering - 1);
    erase(stack.resistivity, at);
    erase(stack.thickness, at);
    if (!stack.polarization.empty()) erase(stack.polarization, at);
  }
  if (std::ssize(stack.resistivity) < max_layers && uniform.chance(0.1)) {
    const std::ptrdiff_t at = uniform.whole(0, static_cast<int>(stack.thickness.size()));
    stack.resistivity.insert(stack.resistivity.begin() + at,
                             uniform.log(range_.least_resistivity, range_.most_resistivity));
    stack.thickness.insert(stack.thickness.begin() + at, uniform.log(thinnest_layer, 300.0));
    if (!stack.polarization.empty()) {
      stack.polarization.insert(stack.polarization.begin() + at, Polarization{});
    }
  }
}

void ModelSearch::judge(std::vector<Candidate>& candidates, const PlanTable& table,
                        const PlanTable& finer) const {
  std::vector<StackedModel> stacks;
  stacks.reserve(candidates.size());
  for (const auto& each : candidates) stacks.push_back(each.model);
  const ModelSet models = to_models(stacks, range_);
  const Responses one = forward_(table, models);
  const Responses other = forward_(finer, models);
  const std::vector<double> size = response_sizes(system_, other);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    for (const auto& row : table.windows[candidates[i].window].rows) {
      const auto at = i * static_cast<std::size_t>(one.gates) + static_cast<std::size_t>(row.gate);
      const double error = std::abs(one.response[at] - other.response[at]) / size[at];
      if (!(error <= candidates[i].error)) candidates[i].error = error;
    }
  }
}

}  // namespace stratem::core
