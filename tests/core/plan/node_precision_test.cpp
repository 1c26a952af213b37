// How far sums cancel, which nodes can therefore be computed in single precision, and how windows
// are cut for this.
#include "core/plan/node_precision.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "base/constants.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

using core::Cancellation;

/// Three nodes and one wavenumber; the first node's terms are the largest by far.
core::PlanWindow three_nodes() {
  core::PlanWindow window;
  window.node = {{1e3, 1e3}, {-1e4, 1e4}, {-1e5, 1e4}};
  window.wavenumber = {0.05};
  window.weight = {{-2.0}};
  window.rows = {{0, 0, {{3e3, -4e3}, {1.0, 2.0}, {-0.5, 0.25}}}};
  return window;
}

/// Half-spaces.
ModelSet models_of(std::vector<double> resistivity) {
  ModelSet models;
  models.models = std::ssize(resistivity);
  models.layers = 1;
  models.resistivity = std::move(resistivity);
  return models;
}

double modulus(std::complex<double> z) { return std::abs(z.real()) + std::abs(z.imag()); }

/// A half-space's r_TE.
std::complex<double> r_of(double lambda, std::complex<double> s, double resistivity) {
  const std::complex<double> u = std::sqrt(lambda * lambda + base::mu0 * s / resistivity);
  return (lambda - u) / (lambda + u);
}

Cancellation cancellation_of(const core::PlanWindow& window, const ModelSet& models,
                             std::vector<double> responses) {
  Responses given(models.models, 1);
  given.response = std::move(responses);
  return {window, test::central_loop({{1e-4, 1e-4}}), models.view(), given};
}

TEST(Cancellation, IsTheModuliOfTheTermsByTheResponse) {
  const auto window = three_nodes();
  const auto found = cancellation_of(window, models_of({10.0, 1000.0}), {1e-3, -1e-6});
  for (const auto& [model, resistivity, response] :
       {std::tuple{0U, 10.0, 1e-3}, std::tuple{1U, 1000.0, 1e-6}}) {
    double sum = 0.0;
    EXPECT_EQ(found(model, 3), 0.0);
    for (std::size_t j = 3; j-- > 0;) {
      sum += 2.0 * modulus(window.rows[0].weight[j]) *
             modulus(r_of(0.05, window.node[j], resistivity));
      EXPECT_NEAR(found(model, j), sum / response, 1e-9 * sum / response) << j;
    }
  }
}

TEST(Cancellation, FallsWithTheHeightOfAModel) {
  ModelSet models = models_of({100.0, 100.0});
  const double height = test::central_loop({{1e-4, 1e-4}}).moments[0].transmitters[0].height;
  models.height = {height, height + 7.0};
  const auto found = cancellation_of(three_nodes(), models, {1.0, 1.0});
  EXPECT_NEAR(found(1, 0), found(0, 0) * std::exp(-2.0 * 0.05 * 7.0), 1e-9 * found(0, 0));
}

TEST(NodePrecision, IsSingleWhereNothingCancels) {
  const auto found = cancellation_of(three_nodes(), models_of({10.0}), {1e3});
  EXPECT_EQ(core::nodes_in_double({found}, 1e3), std::vector<std::size_t>{0});
}

TEST(NodePrecision, IsDoubleWhereAllCancel) {
  const auto found = cancellation_of(three_nodes(), models_of({10.0}), {1e-30});
  EXPECT_EQ(core::nodes_in_double({found}, 1e3), std::vector<std::size_t>{3});
}

TEST(NodePrecision, LeavesTheLargestTermsToDouble) {
  const auto models = models_of({10.0});
  const double response = 1.0;
  const auto found = cancellation_of(three_nodes(), models, {response});
  const double largest = std::sqrt(found(0, 0) * found(0, 1));
  ASSERT_GT(found(0, 0), 10.0 * found(0, 1));
  EXPECT_EQ(core::nodes_in_double({found}, largest), std::vector<std::size_t>{1});
}

TEST(NodePrecision, ComputesTheFewThatCancelAgain) {
  // For one model in twenty, computing it twice is cheaper than a node in double for all.
  std::vector<double> responses(20, 1e3);
  responses[7] = 1e-30;
  const auto found = cancellation_of(three_nodes(), models_of(std::vector(20, 10.0)), responses);
  EXPECT_EQ(core::nodes_in_double({found}, 1e3), std::vector<std::size_t>{0});
}

TEST(NodePrecision, CutsAWindowInTwo) {
  const auto window = three_nodes();
  const auto parts = core::cut_by_precision(window, 1);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_FALSE(parts[0].single_precision);
  EXPECT_TRUE(parts[1].single_precision);
  EXPECT_EQ(parts[0].node, std::vector(window.node.begin(), window.node.begin() + 1));
  EXPECT_EQ(parts[1].node, std::vector(window.node.begin() + 1, window.node.end()));
  EXPECT_EQ(parts[1].rows[0].weight[1], window.rows[0].weight[2]);
  EXPECT_EQ(parts[1].weight, window.weight);

  EXPECT_TRUE(core::cut_by_precision(window, 0).front().single_precision);
  EXPECT_EQ(core::cut_by_precision(window, 0).size(), 1U);
  EXPECT_FALSE(core::cut_by_precision(window, 3).front().single_precision);
  EXPECT_EQ(core::cut_by_precision(window, 3).size(), 1U);
}

}  // namespace
}  // namespace stratem
