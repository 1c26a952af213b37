// The wavenumber side of a window: nodes lambda_m shared by all Laplace nodes and geometries, and
// the real weights of each geometry.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

namespace stratem::core {

/// The data that the rule is fitted to. Each geometry has rows, one for each training model and
/// gate, each divided by the size of its response.
struct WavenumberTarget {
  /// Returns sum_j Re W_j r_TE(lambda, s_j) e^{-lambda change}/size at the given wavenumbers:
  /// [geometries] of [rows, wavenumbers].
  std::function<std::vector<Eigen::MatrixXd>(const std::vector<double>&)> rows;
  /// Called often during the search for a rule. An exception from it ends the search.
  std::function<void()> checkpoint = [] {};
  /// [geometries] of [rows] true response/size: 1 or -1, smaller where a response changes sign.
  std::vector<Eigen::VectorXd> response;
  /// [geometries] the factor of r_TE in the integral over wavenumber; fits do not need it.
  std::vector<std::function<double(double)>> integrand;
  double first = 0.0;  ///< smallest and largest wavenumber that may be needed, 1/m
  double last = 0.0;
  std::vector<double> known;  ///< of an earlier rule for similar rows, 1/m; may be empty
  double most_ridge = 1e-8;   ///< largest ridge on the weights, relative to the norm of a row
};

struct WavenumberRule {
  std::vector<double> wavenumber;           ///< 1/m, increasing
  std::vector<std::vector<double>> weight;  ///< [geometries, wavenumbers]
  double worst = 0.0;                       ///< largest error over the rows
};

/// A rule, and one with more nodes to compare it with.
struct WavenumberRules {
  WavenumberRule best;
  WavenumberRule finer;
};

/// Finds the rule with the fewest nodes whose largest error over the training rows is below
/// `worst`, or else the best rule. Nodes are optimised together with their weights. The search
/// starts from `most_nodes` log-spaced nodes and leaves out or merges one at a time. The finer rule
/// has wavenumbers only: fit_wavenumber_rule() computes its weights, for these rows or more
/// accurate ones.
WavenumberRules find_wavenumber_rules(const WavenumberTarget& target, int most_nodes, double worst);

/// The best weights for given wavenumbers. `worst` is the error to aim for.
WavenumberRule fit_wavenumber_rule(const WavenumberTarget& target,
                                   const std::vector<double>& wavenumber, double worst);

}  // namespace stratem::core
