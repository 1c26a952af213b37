// Covers on grounds, combined at every node, give the same as the kernel for whole models.
#include "core/plan/stack_scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/earth/polarization.hpp"
#include "core/plan/response_size.hpp"
#include "cpu/cpu_evaluator.hpp"
#include "plan/plan_support.hpp"
#include "support/systems.hpp"

namespace stratem::core {
namespace {

/// Two moments of different loops, on the ground and above it, at heights of 20 to 60 m.
System two_moments() {
  System system = test::central_loop(test::log_times(1e-5, 1e-4, 5));
  system.moments[0].transmitters[0].height = 30.0;
  system.moments[0].receivers[0].height = 32.0;
  system.moments.push_back(system.moments[0]);
  system.moments[1].transmitters[0].loop = Circle{25.0};
  system.moments[1].gates = test::log_times(3e-5, 3e-4, 4);
  return system;
}

/// Two windows whose sums have the size of responses. The first window has two geometries.
PlanTable some_table(double change) {
  PlanTable table;
  table.gates = 9;
  table.windows.resize(2);
  for (auto& window : table.windows) {
    window.node = {{2e4 * change, 1e4}, {5e4, 4e4 * change}, {6e4, 9e4}};
    for (int m = 0; m < 11; ++m) window.wavenumber.push_back(3e-3 * std::pow(1.5, m) * change);
  }
  PlanWindow& first = table.windows[0];
  for (const double sign : {1.0, -0.7}) {
    first.weight.emplace_back();
    for (const double lambda : first.wavenumber) {
      first.weight.back().push_back(sign * lambda * std::exp(-20.0 * lambda));
    }
  }
  // Parts of one geometry that differ in the wavenumbers they leave out.
  first.weight.push_back(first.weight[0]);
  first.shortest_decay = {0.0, 0.0, 1e-12};
  PlanWindow& second = table.windows[1];
  second.weight = {first.weight[0]};
  for (std::int64_t gate = 0; gate < 6; ++gate) {
    const double g = static_cast<double>(gate);
    first.rows.push_back({gate, gate % 3, {{1.0, g}, {0.3, -0.2}, {-0.1 * g, 1.0}}});
  }
  for (std::int64_t gate = 6; gate < 9; ++gate) {
    const double g = static_cast<double>(gate);
    second.rows.push_back({gate, 0, {{1.0, 0.5}, {0.3, g}, {0.1, 1.0}}});
  }
  return table;
}

struct Stacks {
  std::vector<LayerStack> covers, grounds;
  std::vector<double> height;

  Stacks(const EnsembleRange& range, int count, std::uint64_t seed) {
    Uniform uniform(seed);
    for (int i = 0; i < count; ++i) {
      covers.push_back(random_cover(range, uniform));
      grounds.push_back(random_ground(range, uniform));
      height.push_back(random_height(range, uniform));
    }
  }
};

Responses kernel_responses(const PlanTable& table, const System& system, const ModelSet& models) {
  Responses responses(models.models, table.gates);
  cpu::CpuEvaluator(table, system, {}).forward(models.view(), responses.view());
  return responses;
}

void expect_kernel(const EnsembleRange& range) {
  const System system = two_moments();
  const PlanTable one = some_table(1.0);
  const PlanTable other = some_table(1.2);
  const StackScan scan(system, one, other);
  const Stacks stacks(range, 200, 7);
  std::vector<StackedModel> models;
  for (std::size_t i = 0; i < stacks.covers.size(); ++i) {
    models.push_back({joined(stacks.covers[i], stacks.grounds[i]), stacks.height[i]});
  }
  const ModelSet set = to_models(models, range);
  const Responses of_one = kernel_responses(one, system, set);
  const Responses of_other = kernel_responses(other, system, set);
  for (std::size_t i = 0; i < models.size(); ++i) {
    const auto found = scan.responses(stacks.covers[i], stacks.height[i], stacks.grounds[i]);
    const auto m = static_cast<std::int64_t>(i);
    ASSERT_EQ(found.size(), 18U);
    double size = 0.0;
    for (std::int64_t g = 0; g < 9; ++g) size = std::max(size, std::abs(of_one(m, g)));
    for (std::int64_t g = 0; g < 9; ++g) {
      const auto gate = static_cast<std::size_t>(g);
      EXPECT_NEAR(found[gate], of_one(m, g), 1e-10 * size) << "model " << i << ", gate " << g;
      EXPECT_NEAR(found[9 + gate], of_other(m, g), 1e-10 * size) << "model " << i;
    }
  }
}

EnsembleRange range_with_heights() {
  Options options;
  options.height = Range{20.0, 60.0};
  return ensemble_range(options);
}

TEST(StackScan, HasTheResponsesOfTheKernel) { expect_kernel(range_with_heights()); }

TEST(StackScan, HasTheResponsesOfTheKernelForPolarizableLayers) {
  EnsembleRange range = range_with_heights();
  range.most_angle = most_plan_angle;
  expect_kernel(range);
}

TEST(StackScan, FindsTheGroundOverWhichTablesDifferMost) {
  const System system = two_moments();
  const PlanTable one = some_table(1.0);
  const PlanTable other = some_table(1.01);
  const EnsembleRange range = range_with_heights();
  const Stacks stacks(range, 30, 8);
  const auto found = StackScan(system, one, other)
                         .largest_differences(stacks.covers, stacks.height, stacks.grounds, 2);
  ASSERT_EQ(found.size(), 2U);
  for (std::size_t c = 0; c < stacks.covers.size(); ++c) {
    std::vector<StackedModel> models;
    for (const auto& ground : stacks.grounds) {
      models.push_back({joined(stacks.covers[c], ground), stacks.height[c]});
    }
    const ModelSet set = to_models(models, range);
    const Responses a = kernel_responses(one, system, set);
    const Responses b = kernel_responses(other, system, set);
    const auto size = response_sizes(system, b);
    for (std::size_t w = 0; w < 2; ++w) {
      double largest = 0.0;
      for (std::int64_t m = 0; m < set.models; ++m) {
        for (const auto& row : one.windows[w].rows) {
          const auto i = static_cast<std::size_t>(m * 9 + row.gate);
          largest = std::max(largest, std::abs(a.response[i] - b.response[i]) / size[i]);
        }
      }
      EXPECT_NEAR(found[w][c].error, largest, 1e-6 * largest) << "cover " << c;
      EXPECT_LT(found[w][c].ground, stacks.grounds.size());
    }
  }
}

}  // namespace
}  // namespace stratem::core
