#include "core/plan/laplace_nodes.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace stratem::core {
namespace {

using Complex = std::complex<double>;
using Nodes = std::vector<Complex>;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using std::numbers::pi;

/// Gates whose misfit steers the search for nodes, and how many of each geometry at least; the
/// weights of all are fitted in the end.
constexpr Index search_gates = 10;
constexpr Index least_search_gates = 4;

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

/// The constrained least-squares problem of a set of nodes: unknowns are Re w_j, then Im w_j.
/// Constraints are eliminated: unknowns = particular + free * y.
template <class T>
struct Problem {
  Matrix<T> mode;         // [modes, 2 nodes]: response of each unknown to F = mode
  Matrix<T> free;         // [2 nodes, 2 nodes - 2]
  Matrix<T> constrained;  // [2 nodes, 2]
  Matrix<T> triangle;     // lower triangular [2, 2]
  T scale;

  Problem(const Nodes& nodes, const std::vector<Mode>& modes) : scale(T(std::abs(nodes[0]))) {
    const auto n = static_cast<Index>(nodes.size());
    const auto count = static_cast<Index>(modes.size());
    mode.resize(count, 2 * n);
    Matrix<T> constraint(2, 2 * n);
    for (Index j = 0; j < n; ++j) {
      const T re = T(nodes[static_cast<std::size_t>(j)].real());
      const T im = T(nodes[static_cast<std::size_t>(j)].imag());
      for (Index i = 0; i < count; ++i) {
        const std::complex<T> value = modes[static_cast<std::size_t>(i)](std::complex<T>(re, im));
        mode(i, j) = value.real();
        mode(i, n + j) = -value.imag();
      }
      constraint(0, j) = T(1);
      constraint(0, n + j) = T(0);
      constraint(1, j) = re / scale;
      constraint(1, n + j) = -im / scale;
    }
    const Eigen::HouseholderQR<Matrix<T>> qr(constraint.transpose());
    const Matrix<T> q = qr.householderQ();
    constrained = q.leftCols(2);
    free = q.rightCols(2 * n - 2);
    const Matrix<T> upper = qr.matrixQR().topRows(2).template triangularView<Eigen::Upper>();
    triangle = upper.transpose();
  }

  Vector<T> particular(double constant, double linear) const {
    Vector<T> value(2);
    value << T(constant), T(linear) / scale;
    const Vector<T> y = triangle.template triangularView<Eigen::Lower>().solve(value);
    return constrained * y;
  }
};

/// The best weights of some gates on given nodes.
class Fit {
  struct Gate {
    Index index = 0;
    Eigen::HouseholderQR<MatrixXd> solver;  // of the weighted basis
    VectorXd rotated;                       // Q^T of the right-hand side
    VectorXd unknowns;

    VectorXd misfit() const { return rotated.tail(rotated.size() - solver.cols()); }
  };

 public:
  Fit(Nodes nodes, const GateModes& modes, const std::vector<Index>& gates)
      : nodes_(std::move(nodes)), modes_(&modes), problem_(nodes_, modes.mode) {
    const MatrixXd basis = problem_.mode * problem_.free;
    for (const Index g : gates) gates_.push_back(fit(g, basis));
  }

  const Nodes& nodes() const { return nodes_; }

  /// Of the misfit squared, over all modes and gates: what the search for nodes makes small.
  double cost() const {
    double sum = 0.0;
    for (const auto& gate : gates_) sum += gate.misfit().squaredNorm();
    return sum;
  }

  /// The misfit as a linear function of small changes of log modulus and argument of each node,
  /// node by node, in normal equations. Weights follow the nodes (variable projection, as Kaufman
  /// simplified it).
  struct Linear {
    MatrixXd normal;
    VectorXd gradient;
  };
  Linear linearized() const {
    const auto n = static_cast<Index>(nodes_.size());
    const auto count = static_cast<Index>(modes_->mode.size());
    Eigen::MatrixXcd slope(count, n);
    for (Index j = 0; j < n; ++j) {
      for (Index i = 0; i < count; ++i) {
        slope(i, j) =
            modes_->mode[static_cast<std::size_t>(i)].slope(nodes_[static_cast<std::size_t>(j)]);
      }
    }
    // What keeps the linear constraint when it is violated by one.
    const VectorXd restored = problem_.mode * problem_.particular(0.0, 1.0);
    Linear linear{MatrixXd::Zero(2 * n, 2 * n), VectorXd::Zero(2 * n)};
    for (const auto& gate : gates_) {
      MatrixXd change(count, 2 * n);
      for (Index j = 0; j < n; ++j) {
        const Complex weight{gate.unknowns[j], gate.unknowns[n + j]};
        const Complex moment = weight * nodes_[static_cast<std::size_t>(j)];
        const Eigen::VectorXcd moved = slope.col(j) * weight;
        change.col(2 * j) = moved.real() - moment.real() * restored;
        change.col(2 * j + 1) = -moved.imag() + moment.imag() * restored;
      }
      change.array().colwise() *= modes_->significance.col(gate.index).array();
      change.applyOnTheLeft(gate.solver.householderQ().adjoint());
      const MatrixXd jacobian = -change.bottomRows(count - gate.solver.cols());
      linear.normal += jacobian.transpose() * jacobian;
      linear.gradient += jacobian.transpose() * gate.misfit();
    }
    return linear;
  }

 private:
  Gate fit(Index g, const MatrixXd& basis) const {
    const VectorXd significance = modes_->significance.col(g);
    const VectorXd particular = problem_.particular(modes_->constant[g], modes_->linear[g]);
    MatrixXd weighted = significance.asDiagonal() * basis;
    const VectorXd norms = weighted.colwise().norm();
    weighted *= norms.cwiseInverse().asDiagonal();
    const Index unknowns = weighted.cols();
    Gate gate;
    gate.index = g;
    gate.solver.compute(weighted);
    gate.rotated = -significance.cwiseProduct(modes_->response.col(g) + problem_.mode * particular);
    gate.rotated.applyOnTheLeft(gate.solver.householderQ().adjoint());
    const VectorXd y =
        gate.solver.matrixQR().topRows(unknowns).triangularView<Eigen::Upper>().solve(
            gate.rotated.head(unknowns));
    gate.unknowns = particular + problem_.free * y.cwiseQuotient(norms);
    return gate;
  }

  Nodes nodes_;
  const GateModes* modes_;
  Problem<double> problem_;
  std::vector<Gate> gates_;
};

struct Hyperbola {
  double log_scale, alpha, reach;
  Nodes nodes(int n) const {
    Nodes result;
    for (int j = 0; j < n; ++j) {
      const Complex argument{-alpha, (j + 0.5) * reach / n};
      result.push_back(std::exp(log_scale) * (1.0 + std::sin(argument)));
    }
    return result;
  }
};

/// Misfit of hyperbolas, minimised over scale, opening and reach by Nelder and Mead's simplex.
Nodes best_hyperbola(const GateModes& modes, const std::vector<Index>& gates, double first,
                     double last, int n, double& norm) {
  using Point = Eigen::Vector3d;
  const auto cost = [&](const Point& p) {
    if (p[1] < 0.05 || p[1] > 1.5 || p[2] < 0.3 || p[2] > 9.0) return 1e30;
    const double value = Fit(Hyperbola{p[0], p[1], p[2]}.nodes(n), modes, gates).cost();
    return std::isfinite(value) ? value : 1e30;
  };
  // Reach so that the nodes span the window's rates; scale so that the farthest is a few n over the
  // first time.
  const double reach = std::clamp(std::log(30.0 * last / first), 2.5, 7.0);
  const double farthest = std::abs(Hyperbola{0.0, 0.85, reach}.nodes(n).back());
  const Point start{std::log(2.5 * n / (first * farthest)), 0.85, reach};
  constexpr std::array<double, 3> spread{0.4, 0.1, 0.3};
  constexpr int evaluations = 110;

  std::vector<std::pair<double, Point>> simplex{{cost(start), start}};
  for (Index i = 0; i < 3; ++i) {
    Point p = start;
    p[i] += spread[static_cast<std::size_t>(i)];
    simplex.emplace_back(cost(p), p);
  }
  const auto by_cost = [](const auto& a, const auto& b) { return a.first < b.first; };
  for (int used = 4; used < evaluations;) {
    std::ranges::sort(simplex, by_cost);
    const Point centre = (simplex[0].second + simplex[1].second + simplex[2].second) / 3.0;
    const Point away = centre - simplex[3].second;
    const Point reflected = centre + away;
    const double reflected_cost = cost(reflected);
    ++used;
    if (reflected_cost < simplex[0].first) {
      const Point expanded = centre + 2.0 * away;
      const double expanded_cost = cost(expanded);
      ++used;
      simplex[3] = expanded_cost < reflected_cost ? std::pair{expanded_cost, expanded}
                                                  : std::pair{reflected_cost, reflected};
    } else if (reflected_cost < simplex[2].first) {
      simplex[3] = {reflected_cost, reflected};
    } else {
      const Point inner = centre - 0.5 * away;
      const double inner_cost = cost(inner);
      ++used;
      if (inner_cost < simplex[3].first) {
        simplex[3] = {inner_cost, inner};
      } else {
        for (std::size_t i = 1; i < 4; ++i) {
          simplex[i].second = 0.5 * (simplex[0].second + simplex[i].second);
          simplex[i].first = cost(simplex[i].second);
          ++used;
        }
      }
    }
  }
  std::ranges::sort(simplex, by_cost);
  norm = std::sqrt(simplex[0].first);
  const Point& best = simplex[0].second;
  return Hyperbola{best[0], best[1], best[2]}.nodes(n);
}

/// Nodes after changes of their log moduli and arguments.
Nodes moved(Nodes nodes, const VectorXd& move) {
  Index k = 0;
  for (auto& node : nodes) {
    node *= std::polar(std::exp(move[k]), move[k + 1]);
    k += 2;
  }
  return nodes;
}

/// Every node by itself, in log modulus and argument: Levenberg-Marquardt on the misfit.
Nodes polish(const Nodes& start, const GateModes& modes, const std::vector<Index>& gates,
             double& norm) {
  constexpr int most_steps = 40;
  Fit fit(start, modes, gates);
  double cost = fit.cost();
  double damping = 1e-3;
  for (int step = 0; step < most_steps; ++step) {
    const Fit::Linear linear = fit.linearized();
    const double cost_before = cost;
    bool better = false;
    for (int attempt = 0; attempt < 8 && !better; ++attempt) {
      MatrixXd damped = linear.normal;
      damped.diagonal() *= 1.0 + damping;
      VectorXd move = -damped.ldlt().solve(linear.gradient);
      const double largest = move.cwiseAbs().maxCoeff();
      if (largest > 0.5) move *= 0.5 / largest;
      Fit moved_fit(moved(fit.nodes(), move), modes, gates);
      better = moved_fit.cost() < cost;
      if (better) {
        fit = std::move(moved_fit);
        cost = fit.cost();
        damping = std::max(damping / 5.0, 1e-12);
      } else {
        damping *= 6.0;
      }
    }
    if (!better || cost > 0.99 * cost_before) break;
  }
  norm = std::sqrt(cost);
  return fit.nodes();
}

/// The first and the last gate of every geometry, and some between.
std::vector<Index> spread_gates(const std::vector<Index>& gates_of_geometry) {
  std::vector<Index> gates;
  const Index each = std::max(search_gates / std::ssize(gates_of_geometry), least_search_gates);
  Index first = 0;
  for (const Index count : gates_of_geometry) {
    const Index wanted = std::min(count, each);
    for (Index i = 0; i < wanted; ++i) {
      gates.push_back(first + (wanted == 1 ? 0 : i * (count - 1) / (wanted - 1)));
    }
    first += count;
  }
  return gates;
}

}  // namespace

Eigen::MatrixXcd fit_weights(const Nodes& node, const GateModes& modes) {
  using Wide = long double;
  const Problem<Wide> problem(node, modes.mode);
  const Matrix<Wide> basis = problem.mode * problem.free;
  const auto n = static_cast<Index>(node.size());
  Eigen::MatrixXcd weight(n, modes.response.cols());
  for (Index g = 0; g < modes.response.cols(); ++g) {
    const Vector<Wide> significance = modes.significance.col(g).cast<Wide>();
    const Vector<Wide> particular = problem.particular(modes.constant[g], modes.linear[g]);
    const Vector<Wide> rhs =
        -significance.cwiseProduct(modes.response.col(g).cast<Wide>() + problem.mode * particular);
    const Matrix<Wide> weighted = significance.asDiagonal() * basis;
    const Vector<Wide> y = weighted.colPivHouseholderQr().solve(rhs);
    const Vector<Wide> solution = particular + problem.free * y;
    for (Index j = 0; j < n; ++j) {
      weight(j, g) = {static_cast<double>(solution[j]), static_cast<double>(solution[n + j])};
    }
  }
  return weight;
}

LaplaceNodes find_laplace_nodes(const GateModes& modes, double first, double last,
                                double half_period, double residual, int most_nodes) {
  const auto gates = spread_gates(modes.gates_of_geometry);
  const double span = std::max(3.0, last / first);
  const int fewest =
      std::max(3, static_cast<int>(1.0 - std::log10(residual) + 1.5 * std::log10(span)));
  constexpr double near = 4.0;
  LaplaceNodes best;
  for (int n = std::min(fewest, most_nodes); n <= most_nodes; ++n) {
    double norm = 0.0;
    Nodes nodes = best_hyperbola(modes, gates, first, first * span, n, norm);
    // Among modes that swing, nodes by themselves gain little over a hyperbola, and slowly.
    if (!modes.swinging || norm < near * residual) nodes = polish(nodes, modes, gates, norm);
    if (half_period > 0.0 && !best.node.empty() && (!modes.swinging || norm < near * residual)) {
      // The transform of an alternating train has its poles at the odd harmonics of the base
      // frequency.
      Nodes grown = best.node;
      grown.emplace_back(0.1 / half_period, pi / half_period);
      double grown_norm = 0.0;
      grown = polish(grown, modes, gates, grown_norm);
      if (grown_norm < norm) {
        nodes = std::move(grown);
        norm = grown_norm;
      }
    }
    best.node = std::move(nodes);
    best.residual = norm;
    if (norm < residual) break;
  }
  best.weight = fit_weights(best.node, modes);
  return best;
}

}  // namespace stratem::core
