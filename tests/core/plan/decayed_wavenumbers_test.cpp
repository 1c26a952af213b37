// Which wavenumbers a window's gates leave out.
#include "core/plan/decayed_wavenumbers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpu/cpu_evaluator.hpp"
#include "plan/plan_support.hpp"
#include "support/systems.hpp"

namespace stratem::core {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

/// Gates 0, 2, 4, .. of the first of two geometries, 1, 3, .. of the second.
PlanWindow two_geometries(std::int64_t gates) {
  PlanWindow window;
  window.node = {{1e4, 0.0}, {3e4, 4e4}};
  window.wavenumber = {1e-3, 1e-2, 1e-1, 1.0};
  window.weight = {{1.0, -2.0, 3.0, -4.0}, {0.1, 0.2, 0.3, 0.4}};
  for (std::int64_t geometry : {0, 1}) {
    for (std::int64_t gate = geometry; gate < gates; gate += 2) {
      const auto place = static_cast<double>(gate);
      window.rows.push_back({gate, geometry, {{1.0 + place, 0.5}, {-place, 2.0}}});
    }
  }
  return window;
}

TEST(DecayedWavenumbers, GatesOfAGeometryArePartedByTime) {
  const PlanWindow window = two_geometries(6);
  // The gates of the first geometry are at 1, 4 and 20 ms, those of the second at 2, 5 and 11.
  const std::vector<double> times{1e-3, 2e-3, 4e-3, 5e-3, 20e-3, 11e-3};
  const PlanWindow parted = without_decayed(window, times, 10.0);
  EXPECT_THAT(parted.shortest_decay,
              ElementsAre(DoubleEq(1e-4), DoubleEq(20e-4), DoubleEq(2e-4), DoubleEq(11e-4)));
  EXPECT_THAT(parted.weight,
              ElementsAre(window.weight[0], window.weight[0], window.weight[1], window.weight[1]));
  std::vector<std::int64_t> geometries;
  for (std::size_t i = 0; i < parted.rows.size(); ++i) {
    EXPECT_EQ(parted.rows[i].gate, window.rows[i].gate);
    EXPECT_EQ(parted.rows[i].weight, window.rows[i].weight);
    geometries.push_back(parted.rows[i].geometry);
  }
  EXPECT_THAT(geometries, ElementsAre(0, 0, 1, 2, 2, 3));
  EXPECT_EQ(parted.node, window.node);
  EXPECT_EQ(parted.wavenumber, window.wavenumber);
}

TEST(DecayedWavenumbers, WhereNothingHasDecayedResponsesAreTheSameBitByBit) {
  PlanTable table;
  table.gates = 6;
  table.windows = {two_geometries(table.gates)};
  const ModelSet models = random_models(ensemble_range({}), {1, 3}, 20, 8);
  const auto responses = [&models](const PlanTable& of) {
    Responses all(models.models, of.gates);
    cpu::CpuEvaluator(of, test::central_loop(test::log_times(1e-5, 1e-4, 2)), {})
        .forward(models.view(), all.view());
    return all.response;
  };
  const auto before = responses(table);
  const std::vector<double> times{1e-3, 2e-3, 4e-3, 5e-3, 20e-3, 11e-3};
  table.windows[0] = without_decayed(two_geometries(6), times, 1e30);
  EXPECT_EQ(responses(table), before);
  table.windows[0] = without_decayed(two_geometries(6), times, 1.0);
  EXPECT_NE(responses(table), before);
}

}  // namespace
}  // namespace stratem::core
