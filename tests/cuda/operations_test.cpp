// Operations of a model, counted by hand.
#include "cuda/operations.hpp"

#include <gtest/gtest.h>

#include <complex>
#include <vector>

namespace stratem::cuda {
namespace {

// A half-space: one root (10 operations) and one interface (38).
constexpr double of_half_space = 48;
// Each further layer adds a root, an interface and the passage through a layer (82).
constexpr double of_further_layer = 130;
// In single precision a half-space takes a root, g and 4 k (3) and two quotients and sums (28). A
// further layer takes a root, those 3 and the rest of the recursion (142).
constexpr double single_half_space = 41;
constexpr double single_further_layer = 155;

core::PlanWindow window(std::vector<std::complex<double>> nodes, std::vector<double> wavenumbers,
                        bool single_precision = false) {
  core::PlanWindow made;
  made.node = std::move(nodes);
  made.wavenumber = std::move(wavenumbers);
  made.single_precision = single_precision;
  return made;
}

core::PlanTable table_of(std::vector<core::PlanWindow> windows) {
  core::PlanTable table;
  table.windows = std::move(windows);
  table.deepest_exponent = 40.0;
  return table;
}

/// A hundred ohm-m throughout, with interfaces every 100 m.
ModelSet models_of(std::vector<std::int32_t> layer_counts, std::int64_t layers) {
  ModelSet set;
  set.models = static_cast<std::int64_t>(layer_counts.size());
  set.layers = layers;
  set.resistivity.assign(static_cast<std::size_t>(set.models * layers), 100.0);
  set.thickness.assign(static_cast<std::size_t>(set.models * (layers - 1)), 100.0);
  set.layer_count = std::move(layer_counts);
  return set;
}

TEST(Operations, AreCountedByPrecision) {
  const core::PlanTable table =
      table_of({window({1.0, 2.0}, {1e-4, 2e-4, 3e-4}), window({1.0, 2.0, 3.0, 4.0}, {1e-4}, true),
                window({5.0}, {1e-4, 2e-4})});
  const ModelSet models = models_of({3, 3, 3}, 3);
  const Operations found = operations_per_model(table, models.view());
  EXPECT_DOUBLE_EQ(found.in_double, (2 * 3 + 1 * 2) * (of_half_space + 2 * of_further_layer));
  EXPECT_DOUBLE_EQ(found.in_single, 4 * (single_half_space + 2 * single_further_layer));
}

TEST(Operations, AreThoseOfEachModelsOwnLayers) {
  const ModelSet models = models_of({1, 3, 5, 2, 0}, 5);  // 1.75 further layers, and one no model
  const Operations found = operations_per_model(table_of({window({1.0}, {1e-4})}), models.view());
  EXPECT_DOUBLE_EQ(found.in_double, 0.8 * (of_half_space + 1.75 * of_further_layer));
}

TEST(Operations, LeaveOutInterfacesOutOfReach) {
  // e^-40 is reached at 2 lambda z = 40: at 2000, 150 and 20 m. There are interfaces at 100 and
  // 200 m.
  const ModelSet models = models_of({3}, 3);
  const Operations by_depth =
      operations_per_model(table_of({window({1.0}, {0.01, 0.4 / 3, 1.0})}), models.view());
  EXPECT_DOUBLE_EQ(by_depth.in_double, 3 * of_half_space + (2 + 1) * of_further_layer);
  // And at 2 z Re sqrt(mu0 s / 100) = 40: the skin depth of e^{-i wt} at 1 Hz is 503 m sqrt(rho),
  // so that Re sqrt(mu0 i w / rho) = 1/5030 here, and z = 20 x 5030 m / sqrt(f).
  const double hertz = 2.0 * 3.14159265358979;
  const auto node = [hertz](double f) { return std::complex<double>(0.0, hertz * f); };
  const Operations by_diffusion = operations_per_model(
      table_of({window({node(1e4), node(4.5e5), node(4e6)}, {1e-4})}), models.view());
  EXPECT_DOUBLE_EQ(by_diffusion.in_double, 3 * of_half_space + (2 + 1) * of_further_layer);
}

TEST(Operations, AreAMeanOverSomeOfMany) {
  // Layer counts grow along the batch. Models from its beginning alone would have fewer layers.
  std::vector<std::int32_t> layers(5000, 1);
  layers.insert(layers.end(), 5000, 2);
  const ModelSet models = models_of(std::move(layers), 2);
  const Operations found = operations_per_model(table_of({window({1.0}, {1e-4})}), models.view());
  EXPECT_DOUBLE_EQ(found.in_double, of_half_space + 0.5 * of_further_layer);
}

}  // namespace
}  // namespace stratem::cuda
