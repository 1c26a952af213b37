// One window of a plan: the rows that its wavenumbers are fitted to, and the resulting nodes and
// weights.
#include "core/plan/window_fitter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/earth/reflection.hpp"
#include "core/plan/log_grid.hpp"
#include "core/plan/response_size.hpp"
#include "core/plan/training_rows.hpp"
#include "plan/plan_support.hpp"
#include "support/systems.hpp"

namespace stratem::core {
namespace {

constexpr int early_gates = 12;

/// The central loop with both heights at half of `height_sum`, over one decade of time.
System one_window(double height_sum) {
  System system = test::central_loop(test::log_times(1e-5, 1e-4, early_gates));
  system.moments[0].transmitters[0].height = 0.5 * height_sum;
  system.moments[0].receivers[0].height = 0.5 * height_sum;
  return system;
}

Options options_at(double tolerance) {
  Options options;
  options.tolerance = tolerance;
  options.resistivity = {1.0, 1000.0};
  return options;
}

Ensemble with_truth(const System& system, ModelSet models) {
  Ensemble ensemble;
  ensemble.truth = test::reference_responses(system, models);
  ensemble.size = response_sizes(system, ensemble.truth);
  ensemble.models = std::move(models);
  return ensemble;
}

Ensemble training_for(const SurveySetup& survey, int per_count) {
  return with_truth(survey.system(),
                    random_models(survey.training_range(), {1, 2, 4}, per_count, 1));
}

/// sum_j Re W_j sum_m w_m r_TE(lambda_m, s_j) by the definition of a table.
double response_of(const PlanWindow& table, const GateRow& row, const LayeredModel& model) {
  std::complex<double> sum = 0.0;
  for (std::size_t j = 0; j < table.node.size(); ++j) {
    const auto k = layer_constants(model, table.node[j]);
    for (std::size_t m = 0; m < table.wavenumber.size(); ++m) {
      sum += row.weight[j] * table.weight[0][m] *
             reflection_coefficient(k, model.thickness, table.wavenumber[m]);
    }
  }
  return sum.real();
}

double worst_error(const FittedWindow& window, const Ensemble& fresh) {
  double worst = 0.0;
  LayeredModel model;
  for (std::int64_t m = 0; m < fresh.models.models; ++m) {
    gather(fresh.models.view(), m, model);
    for (const auto& row : window.table.rows) {
      const auto at = static_cast<std::size_t>(m * fresh.truth.gates + row.gate);
      const double error = response_of(window.table, row, model) - fresh.truth.response[at];
      worst = std::max(worst, std::abs(error) / fresh.size[at]);
    }
  }
  return worst;
}

TEST(TrainingRows, SumOverWavenumbersToTheResponses) {
  const System system = one_window(60.0);
  const Options options = options_at(1e-5);
  const SurveySetup survey(system, options);
  const GateWindow window = survey.windows().at(0);
  const Ensemble training = training_for(survey, 8);
  const LaplaceNodes laplace =
      find_laplace_nodes(survey.modes(window), window.first, window.last, 0.0, 1e-7, 34);
  ASSERT_LE(laplace.residual, 1e-7);

  const Range needed = survey.wavenumbers(window);
  const auto wavenumber = log_grid(1e-3 * needed.min, needed.max, 400);
  const double step = std::log(wavenumber[1] / wavenumber[0]);
  const auto integrand = survey.integrand(window.geometries.at(0));
  Eigen::VectorXd weight(std::ssize(wavenumber));
  for (Eigen::Index m = 0; m < weight.size(); ++m) {
    const double lambda = wavenumber[static_cast<std::size_t>(m)];
    weight[m] = step * lambda * integrand(lambda);
  }
  const auto rows = training_rows(training, survey, window, laplace, wavenumber);
  const auto expected = training_responses(training, window.geometries[0].gates);
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_EQ(rows[0].rows(), 24 * early_gates);
  EXPECT_LT((rows[0] * weight - expected).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(WindowFitter, FitsAWindowThatAnswersForFreshModels) {
  const System system = one_window(2.0);
  for (const double tolerance : {1e-2, 1e-4}) {
    const Options options = options_at(tolerance);
    const SurveySetup survey(system, options);
    const WindowFitter fitter(survey);
    FittedWindow window = fitter.begin(survey.windows().at(0));
    EXPECT_FALSE(window.is_even);
    fitter.fit(window, training_for(survey, 60));
    EXPECT_EQ(std::ssize(window.table.rows), early_gates);
    const Ensemble fresh =
        with_truth(system, random_models(ensemble_range(options), {1, 3, 8}, 20, 2));
    EXPECT_LT(worst_error(window, fresh), tolerance);
  }
}

TEST(WindowFitter, KeepsLaplaceNodesWhenTheAimFalls) {
  const System system = one_window(2.0);
  const Options options = options_at(1e-2);
  const SurveySetup survey(system, options);
  const WindowFitter fitter(survey);
  const Ensemble training = training_for(survey, 60);
  FittedWindow window = fitter.begin(survey.windows().at(0));
  fitter.fit(window, training);
  const auto evaluations = [&] {
    return window.table.node.size() * window.table.wavenumber.size();
  };
  const auto before = evaluations();
  const auto searched = window.laplace.size();
  fitter.lower_aim(window, 1e-2);
  fitter.fit(window, training);
  EXPECT_GT(evaluations(), before);
  EXPECT_GT(window.laplace.size(), searched);
}

TEST(WindowFitter, TakesEvenWavenumbersForPolarizableModelsAboveTheGround) {
  Options options = options_at(1e-3);
  options.polarizable = true;
  for (const double height_sum : {0.0, 60.0}) {
    const System system = one_window(height_sum);
    const SurveySetup survey(system, options);
    const GateWindow window = survey.windows().at(0);
    EXPECT_EQ(survey.above_ground(window), height_sum > 0.0);
    EXPECT_EQ(WindowFitter(survey).begin(window).is_even, height_sum > 0.0);
  }
}

}  // namespace
}  // namespace stratem::core
