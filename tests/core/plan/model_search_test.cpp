// The families of models that are searched, and the models that a search finds.
#include "core/plan/model_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include "core/earth/polarization.hpp"
#include "core/plan/response_size.hpp"
#include "cpu/cpu_evaluator.hpp"
#include "plan/plan_support.hpp"
#include "support/systems.hpp"

namespace stratem::core {
namespace {

EnsembleRange range_of(double least, double most) {
  EnsembleRange range;
  range.least_resistivity = least;
  range.most_resistivity = most;
  return range;
}

TEST(RandomStacks, StayInTheRangeAndReachItsEnds) {
  EnsembleRange range = range_of(2.0, 500.0);
  range.least_height = 20.0;
  range.most_height = 50.0;
  const ModelSet models = random_stacks(range, 4000, 3);
  ASSERT_EQ(models.models, 4000);
  const ModelBatch batch = models.view();
  double deepest = 0.0;
  double thinnest = 1e9;
  std::int64_t at_the_ends = 0;
  std::set<std::int32_t> counts;
  for (std::int64_t m = 0; m < batch.models; ++m) {
    counts.insert(batch.layer_count[m]);
    double depth = 0.0;
    for (std::int64_t i = 0; i < batch.layer_count[m]; ++i) {
      const double rho = batch.resistivity(m, i);
      ASSERT_GE(rho, 2.0);
      ASSERT_LE(rho, 500.0);
      at_the_ends += rho == 2.0 || rho == 500.0 ? 1 : 0;
      if (i + 1 == batch.layer_count[m]) break;
      depth += batch.thickness(m, i);
      thinnest = std::min(thinnest, batch.thickness(m, i));
    }
    deepest = std::max(deepest, depth);
    ASSERT_GE(batch.height[m], 20.0);
    ASSERT_LE(batch.height[m], 50.0);
  }
  EXPECT_GT(at_the_ends, 2000);
  EXPECT_GT(deepest, 4000.0);
  EXPECT_GE(thinnest, thinnest_layer);
  EXPECT_LT(thinnest, 0.1);
  EXPECT_EQ(*counts.begin(), 1);
  EXPECT_GT(*counts.rbegin(), 50);
  EXPECT_GT(std::ranges::count(models.height, 20.0), 1000);
  EXPECT_GT(std::ranges::count(models.height, 50.0), 1000);
}

TEST(RandomStacks, AreTheSameForTheSameSeed) {
  const EnsembleRange range = range_of(1.0, 1000.0);
  EXPECT_EQ(random_stacks(range, 50, 4).resistivity, random_stacks(range, 50, 4).resistivity);
  EXPECT_NE(random_stacks(range, 50, 4).resistivity, random_stacks(range, 50, 5).resistivity);
}

TEST(RandomStacks, StayWithinTheDeclaredAngle) {
  EnsembleRange range = range_of(1.0, 1000.0);
  range.most_angle = most_plan_angle;
  const ModelSet models = random_stacks(range, 1000, 6);
  std::int64_t polarizable = 0;
  for (std::size_t i = 0; i < models.chargeability.size(); ++i) {
    if (models.chargeability[i] == 0.0) continue;
    ++polarizable;
    EXPECT_TRUE(singularities_within(models.chargeability[i], models.exponent[i], most_plan_angle));
    EXPECT_GE(models.resistivity[i] * (1.0 - models.chargeability[i]), 1.0 - 1e-12);
  }
  EXPECT_GT(polarizable, 500);
}

TEST(RandomStacks, ACoverOnGroundHasNoMoreLayersThanAModelMayHave) {
  LayerStack cover;
  cover.resistivity.assign(90, 1.0);
  cover.thickness.assign(90, 2.0);
  LayerStack ground;
  ground.resistivity.assign(150, 3.0);
  ground.thickness.assign(149, 4.0);
  const LayerStack whole = joined(cover, ground);
  EXPECT_EQ(std::ssize(whole.resistivity), max_layers);
  EXPECT_EQ(std::ssize(whole.thickness), max_layers - 1);
  EXPECT_EQ(whole.resistivity[89], 1.0);
  EXPECT_EQ(whole.resistivity[90], 3.0);
}

/// A plan built for the test, and the same with the weight of one wavenumber a little off.
class Search : public testing::Test {
 protected:
  System system_ = test::central_loop(test::log_times(1e-5, 1e-4, 6));
  EnsembleRange range_ = range_of(1.0, 1000.0);
  PlanTable finer_ = [] {
    PlanTable table;
    table.gates = 6;
    table.windows.resize(1);
    PlanWindow& window = table.windows[0];
    window.node = {{2e4, 1e4}, {5e4, 4e4}};
    window.weight.resize(1);
    for (int m = 0; m < 24; ++m) {
      window.wavenumber.push_back(1e-3 * std::pow(1.4, m));
      const double lambda = window.wavenumber.back();
      window.weight[0].push_back(lambda * lambda * std::exp(-2.0 * lambda));
    }
    for (std::int64_t gate = 0; gate < 6; ++gate) {
      window.rows.push_back({gate, 0, {{0.0, 1.0 + static_cast<double>(gate)}, {1.0, 0.0}}});
    }
    return table;
  }();
  PlanTable table_ = [this] {
    PlanTable table = finer_;
    table.windows[0].weight[0][4] *= 1.0 + 1e-3;
    return table;
  }();
  ModelSearch search_{
      system_, range_,
      [this](const PlanTable& table, const ModelSet& models) {
        Responses responses(models.models, table.gates);
        cpu::CpuEvaluator(table, system_, {}).forward(models.view(), responses.view());
        return responses;
      },
      2};

  /// The largest difference of every model at the gates first .. last - 1.
  std::vector<double> errors_of(const ModelSet& models, std::size_t first = 0,
                                std::size_t last = 6) const {
    Responses a(models.models, 6);
    Responses b(models.models, 6);
    cpu::CpuEvaluator(table_, system_, {}).forward(models.view(), a.view());
    cpu::CpuEvaluator(finer_, system_, {}).forward(models.view(), b.view());
    const auto size = response_sizes(system_, b);
    std::vector<double> errors(static_cast<std::size_t>(models.models), 0.0);
    for (std::size_t i = 0; i < size.size(); ++i) {
      if (i % 6 < first || i % 6 >= last) continue;
      errors[i / 6] = std::max(errors[i / 6], std::abs(a.response[i] - b.response[i]) / size[i]);
    }
    return errors;
  }
};

TEST_F(Search, FindsModelsThatDifferMoreThanAnyOfManyRandomOnes) {
  const FoundModels found = search_.find(table_, finer_, {64, 64, 8}, 1);
  // The eight models of the scan, their final variations, and the models in between.
  ASSERT_GT(found.models.models, 16);
  ASSERT_LE(found.models.models, 8 + 64);
  EXPECT_EQ(found.error, errors_of(found.models));
  EXPECT_TRUE(std::ranges::is_sorted(found.error, std::ranges::greater()));
  EXPECT_GE(found.candidates, 64 * 64);
  const auto others = errors_of(random_stacks(range_, 4096, 77));
  EXPECT_GT(found.error.front(), std::ranges::max(others));
  for (const double rho : found.models.resistivity) EXPECT_LE(rho, 1000.0);
  // Zeros fill the rows of models with fewer layers.
  for (const double rho : found.models.resistivity) EXPECT_TRUE(rho == 0.0 || rho >= 1.0);
}

TEST_F(Search, ImprovesOnWhatItScanned) {
  const FoundModels found = search_.find(table_, finer_, {64, 64, 8}, 2);
  // Scanned models are next to their final variations.
  EXPECT_GT(found.error.front(), 1.02 * found.error.back());
}

TEST_F(Search, FindsTheWorstModelsOfEveryWindow) {
  // The later three gates have a window of their own, whose tables differ less.
  for (PlanTable* table : {&table_, &finer_}) {
    PlanWindow later = finer_.windows[0];
    later.rows.erase(later.rows.begin(), later.rows.begin() + 3);
    if (table == &table_) later.weight[0][4] *= 1.0 + 1e-5;
    auto& earlier = table->windows[0].rows;
    earlier.erase(earlier.begin() + 3, earlier.end());
    table->windows.push_back(std::move(later));
  }
  const FoundModels found = search_.find(table_, finer_, {64, 64, 8}, 1);
  ASSERT_EQ(std::ssize(found.window), found.models.models);
  EXPECT_GE(std::ranges::count(found.window, std::size_t{0}), 8);
  EXPECT_GE(std::ranges::count(found.window, std::size_t{1}), 8);
  const auto earlier = errors_of(found.models, 0, 3);
  const auto later = errors_of(found.models, 3, 6);
  for (std::size_t m = 0; m < found.window.size(); ++m) {
    EXPECT_EQ(found.error[m], found.window[m] == 0 ? earlier[m] : later[m]) << m;
  }
}

TEST_F(Search, IsTheSameForTheSameSeed) {
  const auto models = [this](std::uint64_t seed) {
    return search_.find(table_, finer_, {32, 32, 4}, seed).models.resistivity;
  };
  EXPECT_EQ(models(5), models(5));
  EXPECT_NE(models(5), models(6));
}

}  // namespace
}  // namespace stratem::core
