#include "stratem/grid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/message_of.hpp"

namespace {

using stratem::axis_values;
using stratem::Grid;
using stratem::grid_axes;
using stratem::grid_models;
using stratem::grid_size;
using stratem::GridLayer;
using stratem::InputError;
using stratem::ModelSet;
using stratem::Spacing;
using stratem::test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

GridLayer layer(std::vector<double> resistivity, std::vector<double> thickness = {}) {
  return {.resistivity = std::move(resistivity), .thickness = std::move(thickness)};
}

/// 2 x 3 x 2 models.
Grid small_grid() {
  return {.layers = {layer({1, 2}, {10, 20, 30}), layer({100})}, .height = {40, 50}};
}

std::string refusal(const Grid& grid) {
  return message_of([&] { check(grid); });
}

TEST(Grids, VaryTheirLastAxisFastest) {
  const Grid grid = small_grid();
  ASSERT_EQ(grid_size(grid), 12);
  const ModelSet models = grid_models(grid, 0, 12);
  EXPECT_EQ(models.models, 12);
  EXPECT_EQ(models.layers, 2);
  std::vector<double> resistivity;
  std::vector<double> thickness;
  std::vector<double> height;
  for (const double rho : {1.0, 2.0}) {
    for (const double h : {10.0, 20.0, 30.0}) {
      for (const double z : {40.0, 50.0}) {
        resistivity.insert(resistivity.end(), {rho, 100.0});
        thickness.push_back(h);
        height.push_back(z);
      }
    }
  }
  EXPECT_EQ(models.resistivity, resistivity);
  EXPECT_EQ(models.thickness, thickness);
  EXPECT_EQ(models.height, height);
  EXPECT_TRUE(models.depth.empty());
  EXPECT_TRUE(models.chargeability.empty());
}

TEST(Grids, NameTheirAxesAsColumnsOfModelFiles) {
  const auto axes = grid_axes(small_grid());
  ASSERT_EQ(axes.size(), 3U);
  EXPECT_EQ(axes[0].name, "resistivity_1");
  EXPECT_EQ(axes[1].name, "thickness_1");
  EXPECT_EQ(axes[2].name, "height");
  EXPECT_THAT(axes[1].values, ElementsAre(10, 20, 30));
}

TEST(Grids, GiveTheSameModelsInAnyPieces) {
  const Grid grid = small_grid();
  const ModelSet whole = grid_models(grid, 0, 12);
  for (std::int64_t first = 0; first < 12; ++first) {
    for (std::int64_t count = 0; first + count <= 12; ++count) {
      const ModelSet piece = grid_models(grid, first, count);
      ASSERT_EQ(piece.thickness.size(), static_cast<std::size_t>(count));
      for (std::int64_t k = 0; k < count; ++k) {
        const auto here = static_cast<std::size_t>(k);
        const auto there = static_cast<std::size_t>(first + k);
        ASSERT_EQ(piece.resistivity[2 * here], whole.resistivity[2 * there]);
        ASSERT_EQ(piece.thickness[here], whole.thickness[there]);
        ASSERT_EQ(piece.height[here], whole.height[there]);
      }
    }
  }
}

TEST(Grids, TakeDepthsAndPolarizableLayers) {
  Grid grid;
  grid.layers = {layer({100}), layer({10}), layer({1000})};
  grid.layers[1].depth = {5, 10};
  grid.layers[2].depth = {20};
  grid.layers[1].chargeability = {0.1, 0.2};
  grid.layers[1].time_constant = {1e-3};
  grid.layers[1].exponent = {0.5};
  const ModelSet models = grid_models(grid, 0, grid_size(grid));
  EXPECT_THAT(models.depth, ElementsAre(0, 5, 20, 0, 5, 20, 0, 10, 20, 0, 10, 20));
  EXPECT_THAT(models.chargeability, ElementsAre(0, 0.1, 0, 0, 0.2, 0, 0, 0.1, 0, 0, 0.2, 0));
  EXPECT_THAT(models.time_constant, ElementsAre(1, 1e-3, 1, 1, 1e-3, 1, 1, 1e-3, 1, 1, 1e-3, 1));
  EXPECT_THAT(models.exponent, ElementsAre(1, 0.5, 1, 1, 0.5, 1, 1, 0.5, 1, 1, 0.5, 1));
  EXPECT_TRUE(models.thickness.empty());
}

TEST(Grids, OfNoAxisAreOneModel) {
  const Grid grid{.layers = {layer({7})}};
  EXPECT_EQ(grid_size(grid), 1);
  EXPECT_TRUE(grid_axes(grid).empty());
  EXPECT_THAT(grid_models(grid, 0, 1).resistivity, ElementsAre(7));
}

// 100,000 values for each of three resistivities: 1e15 models, far beyond 2^31 and 2^32.
TEST(Grids, CountBeyondThirtyTwoBits) {
  const auto values = axis_values(1.0, 1e5, 100000, Spacing::linear);
  const Grid grid{.layers = {layer(values, {1}), layer(values, {1}), layer(values)}};
  ASSERT_EQ(grid_size(grid), 1000000000000000);
  const ModelSet last = grid_models(grid, 999999999999999, 1);
  EXPECT_THAT(last.resistivity, ElementsAre(1e5, 1e5, 1e5));
  const ModelSet middle = grid_models(grid, 123456789012345, 2);
  EXPECT_THAT(middle.resistivity, ElementsAre(12346, 67891, 12346, 12346, 67891, 12347));
}

TEST(Grids, RejectMoreModelsThanCanBeCounted) {
  const auto values = axis_values(1.0, 1e6, 1000000, Spacing::linear);
  Grid grid{.layers = {layer(values, {1}), layer(values, {1}), layer(values, {1}), layer({1})}};
  EXPECT_EQ(grid_size(grid), 1000000000000000000);
  grid.layers[3].resistivity = axis_values(1, 10, 10, Spacing::linear);
  EXPECT_THAT(message_of([&] { grid_size(grid); }),
              HasSubstr("resistivity_4: brings the grid to more models than can be counted"));
}

TEST(Grids, RejectModelsThatTheyDoNotHave) {
  const Grid grid = small_grid();
  EXPECT_EQ(message_of([&] { grid_models(grid, 5, 8); }), "first: 5, allowed is 0 to 4");
  EXPECT_EQ(message_of([&] { grid_models(grid, 0, 13); }), "count: 13, allowed is 0 to 12");
  EXPECT_EQ(message_of([&] { grid_models(grid, -1, 1); }), "first: -1, allowed is 0 to 11");
}

TEST(Grids, RejectValuesThatNoModelMayHave) {
  Grid grid = small_grid();
  grid.layers[0].thickness[2] = 0.0;
  EXPECT_EQ(refusal(grid), "layers[0].thickness[2]: 0, allowed is above 0");
  grid = small_grid();
  grid.layers[1].resistivity = {infinity};
  EXPECT_EQ(refusal(grid), "layers[1].resistivity: inf, allowed is above 0");
  grid = small_grid();
  grid.height[1] = nan;
  EXPECT_EQ(refusal(grid), "height[1]: nan, allowed is 0 or above");
  grid.height = {0.0};
  EXPECT_EQ(refusal(grid), "no error");
}

TEST(Grids, RejectLayersThatDoNotFitTogether) {
  Grid grid = small_grid();
  grid.layers[1].thickness = {5};
  EXPECT_THAT(refusal(grid), HasSubstr("layers[1].thickness: given"));
  grid = small_grid();
  grid.layers[1].depth = {5};
  EXPECT_THAT(refusal(grid), HasSubstr("thickness and depth are both given"));
  grid = small_grid();
  grid.layers[0].chargeability = {0.5};
  EXPECT_THAT(refusal(grid), HasSubstr("allowed is all three or none"));
  grid = small_grid();
  grid.layers[1].resistivity.clear();
  EXPECT_EQ(refusal(grid), "layers[1].resistivity: no value, allowed is one or more");
  EXPECT_EQ(refusal({}), "layers: 0 layers, allowed is 1 to 200");
}

TEST(AxisValues, HaveTheirEndsToTheLastBit) {
  EXPECT_THAT(axis_values(10, 40, 4, Spacing::linear), ElementsAre(10, 20, 30, 40));
  EXPECT_THAT(axis_values(3, 1, 3, Spacing::linear), ElementsAre(3, 2, 1));
  const auto values = axis_values(0.1, 1000, 5, Spacing::logarithmic);
  ASSERT_EQ(values.size(), 5U);
  EXPECT_EQ(values.front(), 0.1);
  EXPECT_EQ(values.back(), 1000.0);
  EXPECT_NEAR(values[1], 1.0, 1e-14);
  EXPECT_NEAR(values[2], 10.0, 1e-13);
  EXPECT_NEAR(values[3], 100.0, 1e-12);
}

TEST(AxisValues, RejectEndsAndCountsThatMakeNoAxis) {
  const auto refused = [](double from, double to, std::int64_t count, Spacing spacing) {
    return message_of([&] { axis_values(from, to, count, spacing); });
  };
  EXPECT_EQ(refused(0, 1, 5, Spacing::logarithmic), "from: 0, allowed is above 0");
  EXPECT_EQ(refused(1, infinity, 5, Spacing::linear), "to: inf, allowed is a finite number");
  EXPECT_EQ(refused(1, 2, 1, Spacing::linear), "count: 1, allowed is 2 to 1000000");
}

}  // namespace
