// Wavenumbers spaced evenly in their logarithm, over integrals known in closed form.
#include "core/plan/even_wavenumbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/plan/log_grid.hpp"

namespace stratem::core {
namespace {

/// Integrals of lambda e^{-lambda (height + depth)}, each divided by its closed form
/// 1/(height + depth)^2.
constexpr double height = 60.0;
double term(double lambda, double depth) {
  return std::exp(-lambda * depth) * (height + depth) * (height + depth);
}

/// Rows are `depths`.
WavenumberTarget target_over(std::vector<double> depths) {
  WavenumberTarget target;
  target.response.emplace_back(Eigen::VectorXd::Ones(std::ssize(depths)));
  target.integrand.emplace_back([](double lambda) { return lambda * std::exp(-lambda * height); });
  target.first = 0.1 / (height + depths.back());
  target.last = 25.0 / height;
  target.rows = [depths = std::move(depths)](const std::vector<double>& wavenumber) {
    Eigen::MatrixXd rows(std::ssize(depths), std::ssize(wavenumber));
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
      for (Eigen::Index m = 0; m < rows.cols(); ++m) {
        rows(i, m) =
            term(wavenumber[static_cast<std::size_t>(m)], depths[static_cast<std::size_t>(i)]);
      }
    }
    return std::vector{rows};
  };
  return target;
}

double integral(const WavenumberRule& rule, double depth) {
  double sum = 0.0;
  for (std::size_t m = 0; m < rule.wavenumber.size(); ++m) {
    sum += rule.weight[0][m] * term(rule.wavenumber[m], depth);
  }
  return sum;
}

const std::vector<double> some_depths = log_grid(0.1, 3000.0, 40);

TEST(EvenWavenumbers, IntegrateWhatTheyWereNotChosenFor) {
  for (const double worst : {1e-3, 1e-5, 1e-7}) {
    const auto rules = even_wavenumber_rules(target_over(some_depths), worst);
    ASSERT_TRUE(rules);
    for (const double depth : {0.3, 1.0, 5.0, 20.0, 70.0, 300.0, 1000.0, 2500.0}) {
      EXPECT_NEAR(integral(rules->best, depth), 1.0, 1.5 * worst) << depth;
    }
  }
}

TEST(EvenWavenumbers, AreFewerForLargerErrors) {
  const auto count = [](double worst) {
    return even_wavenumber_rules(target_over(some_depths), worst)->best.wavenumber.size();
  };
  EXPECT_LT(count(1e-3), count(1e-5));
  EXPECT_LT(count(1e-5), count(1e-7));
}

TEST(EvenWavenumbers, ComeWithAFinerRuleThatErrsByASmallPartOfWhatIsAllowed) {
  for (const double allowed : {1e-4, 1e-6}) {
    const auto rules = even_wavenumber_rules(target_over(some_depths), allowed);
    ASSERT_TRUE(rules);
    EXPECT_GT(rules->finer.wavenumber.size(), rules->best.wavenumber.size());
    for (const double depth : log_grid(0.13, 2900.0, 111)) {
      EXPECT_NEAR(integral(rules->finer, depth), 1.0, 0.1 * allowed) << depth;
    }
  }
}

TEST(EvenWavenumbers, AreNotOfferedWhereTheyDoNotResolveALoopNearTheGround) {
  WavenumberTarget target = target_over(some_depths);
  target.last = 100.0;
  target.integrand[0] = [](double lambda) { return std::cos(400.0 * lambda) / (1.0 + lambda); };
  EXPECT_FALSE(even_wavenumber_rules(target, 1e-5));
}

}  // namespace
}  // namespace stratem::core
