// The weights of given Laplace nodes, and how the remaining misfit changes with the nodes.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <vector>

#include "core/plan/modes.hpp"

namespace stratem::core {

/// Nodes s_j, 1/s, the half above the real axis.
using LaplacePlaces = std::vector<std::complex<double>>;

/// The constrained least-squares problem of a set of nodes, the same for all gates. Unknowns are
/// Re w_j, then Im w_j. The constraints, exactness for F = 1 and F = s, are eliminated: unknowns =
/// particular + free y.
template <class T>
struct ConstrainedBasis {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

  Matrix mode;  ///< [modes, 2 nodes]: response of each unknown to F = mode
  Matrix free;  ///< [2 nodes, 2 nodes - 2]

  ConstrainedBasis(const LaplacePlaces& nodes, const std::vector<Mode>& modes);

  /// Unknowns whose response to F = 1 is `constant` and to F = s is `linear`.
  Vector particular(double constant, double linear) const;

 private:
  Matrix constrained_;  // [2 nodes, 2]
  Matrix triangle_;     // lower triangular [2, 2]
  T scale_;
};

/// The best weights of some gates on given nodes, in double precision, for the search for nodes.
class LaplaceFit {
 public:
  /// `gates` are columns of the modes' responses. Modes must outlive the fit.
  LaplaceFit(LaplacePlaces nodes, const GateModes& modes, const std::vector<Eigen::Index>& gates);

  const LaplacePlaces& nodes() const { return nodes_; }

  /// Square of the misfit, over all modes and gates.
  double cost() const;

  /// The misfit as a linear function of small changes of log modulus and argument of each node,
  /// node by node, in normal equations. Weights follow the nodes (variable projection, as Kaufman
  /// simplified it in 1975).
  struct Linear {
    Eigen::MatrixXd normal;
    Eigen::VectorXd gradient;
  };
  Linear linearized() const;

 private:
  struct Gate {
    Eigen::Index index = 0;
    Eigen::HouseholderQR<Eigen::MatrixXd> solver;  // of the weighted basis
    Eigen::VectorXd rotated;                       // Q^T of the right-hand side
    Eigen::VectorXd unknowns;

    Eigen::VectorXd misfit() const { return rotated.tail(rotated.size() - solver.cols()); }
  };
  Gate fit(Eigen::Index g, const Eigen::MatrixXd& basis) const;

  LaplacePlaces nodes_;
  const GateModes* modes_;
  ConstrainedBasis<double> basis_;
  std::vector<Gate> gates_;
};

/// Weights of all gates, [nodes, gates], by least squares over the modes, weighted by their
/// significance. They are exact for F = 1 and F = s, because the part of F that is linear in s can
/// be 1e10 times the response and must cancel to the last digit. The system is solved in extended
/// precision.
Eigen::MatrixXcd fit_weights(const LaplacePlaces& nodes, const GateModes& modes);

}  // namespace stratem::core
