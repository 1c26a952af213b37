#include "core/plan/wavenumber_nodes.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace stratem::core {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int grid_per_decade = 24;
constexpr int fewest_nodes = 6;
/// Keeps weights small where the rows hardly tell them apart: large ones would amplify rounding.
constexpr double ridge = 1e-8;

/// Least squares over the rows as a function of the nodes' places: the rows on a dense grid,
/// compressed to the grid's rank, and interpolated between.
class CompressedRows {
 public:
  explicit CompressedRows(const WavenumberTarget& target)
      : first_(std::log(target.first)), last_(std::log(target.last)) {
    count_ = std::max<Index>(
        14, 1 + static_cast<Index>(std::ceil((last_ - first_) / std::log(10.0) * grid_per_decade)));
    step_ = (last_ - first_) / static_cast<double>(count_ - 1);
    std::vector<double> grid;
    for (Index i = 0; i < count_; ++i)
      grid.push_back(std::exp(first_ + step_ * static_cast<double>(i)));
    MatrixXd rows(target.response.size(), count_ + 1);
    rows.leftCols(count_) = target.rows(grid);
    for (Index i = 0; i < count_; ++i) {
      const double lambda = grid[static_cast<std::size_t>(i)];
      rows.col(i) *= lambda * lambda * std::exp(-lambda * target.height_sum);
    }
    rows.col(count_) = target.response;
    rows /= std::sqrt(static_cast<double>(rows.rows()));
    for (Index i = 0; i < count_; ++i) {
      rows.col(i) /= std::max(rows.col(i).norm(), 1e-30);
    }
    const Eigen::HouseholderQR<MatrixXd> qr(rows);
    const MatrixXd triangle = qr.matrixQR().topRows(count_ + 1).triangularView<Eigen::Upper>();
    const MatrixXd square = triangle.leftCols(count_);
    const Eigen::BDCSVD<MatrixXd> svd(square, Eigen::ComputeThinU);
    Index rank = 0;
    while (rank < count_ && svd.singularValues()[rank] > 1e-13 * svd.singularValues()[0]) ++rank;
    columns_ = svd.matrixU().leftCols(rank).transpose() * square;
    response_ = svd.matrixU().leftCols(rank).transpose() * triangle.col(count_);
    unreachable_ = std::max(0.0, triangle.col(count_).squaredNorm() - response_.squaredNorm());
  }

  double first() const { return first_; }
  double last() const { return last_; }

  /// Columns at log wavenumbers, and their derivatives if asked for, by ten-point Lagrange
  /// interpolation.
  MatrixXd columns(const VectorXd& places, MatrixXd* derivatives = nullptr) const {
    MatrixXd result(columns_.rows(), places.size());
    if (derivatives != nullptr) derivatives->resize(columns_.rows(), places.size());
    for (Index k = 0; k < places.size(); ++k) interpolate(places[k], k, result, derivatives);
    return result;
  }

  struct Fit {
    VectorXd weight;
    double cost = 0.0;  // root mean square error over the rows
  };
  Fit fit(const MatrixXd& columns) const {
    const Index n = columns.cols();
    MatrixXd system(columns.rows() + n, n);
    system << columns, ridge * MatrixXd::Identity(n, n);
    VectorXd rhs(system.rows());
    rhs << response_, VectorXd::Zero(n);
    Fit result;
    result.weight = system.householderQr().solve(rhs);
    result.cost = std::sqrt((columns * result.weight - response_).squaredNorm() + unreachable_);
    return result;
  }

  /// Levenberg-Marquardt on places and weights together, `steps` at most; returns the root mean
  /// square error. A step moves no node by more than 0.4 of the gap to its neighbour.
  double polish(VectorXd& places, int steps) const {
    const Index n = places.size();
    const Index rows = response_.size();
    MatrixXd derivatives;
    MatrixXd basis = columns(places, &derivatives);
    VectorXd weight = fit(basis).weight;
    VectorXd residual = basis * weight - response_;
    double cost = residual.squaredNorm() + ridge * ridge * weight.squaredNorm();
    double damping = 1e-2;
    int slow = 0;
    for (int step = 0; step < steps && slow < 3; ++step) {
      const double cost_before = cost;
      bool better = false;
      for (int attempt = 0; attempt < 10 && !better; ++attempt) {
        MatrixXd jacobian = MatrixXd::Zero(rows + 2 * n, 2 * n);
        jacobian.topLeftCorner(rows, n) = basis;
        jacobian.block(0, n, rows, n) = derivatives * weight.asDiagonal();
        jacobian.block(rows, 0, n, n) = ridge * MatrixXd::Identity(n, n);
        for (Index k = 0; k < n; ++k) {
          jacobian(rows + n + k, n + k) =
              damping * std::max(jacobian.col(n + k).head(rows).norm(), 1e-9);
        }
        VectorXd rhs(jacobian.rows());
        rhs << -residual, -ridge * weight, VectorXd::Zero(n);
        const VectorXd move = jacobian.householderQr().solve(rhs).tail(n);
        const VectorXd moved =
            (places + shortened(places, move) * move).cwiseMax(first_).cwiseMin(last_);
        MatrixXd moved_derivatives;
        const MatrixXd moved_basis = columns(moved, &moved_derivatives);
        const VectorXd moved_weight = fit(moved_basis).weight;
        const VectorXd moved_residual = moved_basis * moved_weight - response_;
        const double moved_cost =
            moved_residual.squaredNorm() + ridge * ridge * moved_weight.squaredNorm();
        if (moved_cost < cost) {
          places = moved;
          weight = moved_weight;
          basis = moved_basis;
          derivatives = moved_derivatives;
          residual = moved_residual;
          cost = moved_cost;
          damping = std::max(damping / 4.0, 1e-7);
          better = true;
        } else {
          damping *= 6.0;
        }
      }
      if (!better) break;
      slow = cost > cost_before * (1.0 - 3e-3) ? slow + 1 : 0;
    }
    return std::sqrt(residual.squaredNorm() + unreachable_);
  }

 private:
  static double shortened(const VectorXd& places, const VectorXd& move) {
    double factor = 1.0;
    for (Index k = 0; k < places.size(); ++k) {
      double gap = 0.5;
      if (move[k] < 0.0 && k > 0) gap = places[k] - places[k - 1];
      if (move[k] > 0.0 && k + 1 < places.size()) gap = places[k + 1] - places[k];
      factor = std::min(factor, 0.4 * std::min(gap, 1.0) / std::max(std::abs(move[k]), 1e-300));
    }
    return factor;
  }

  void interpolate(double place, Index k, MatrixXd& values, MatrixXd* derivatives) const {
    constexpr int points = 10;
    const double u = (place - first_) / step_;
    const Index begin =
        std::clamp<Index>(static_cast<Index>(std::floor(u)) - points / 2 + 1, 0, count_ - points);
    values.col(k).setZero();
    if (derivatives != nullptr) derivatives->col(k).setZero();
    for (int i = 0; i < points; ++i) {
      double value = 1.0;
      double slope = 0.0;
      for (int j = 0; j < points; ++j) {
        if (j == i) continue;
        const double q = (u - static_cast<double>(begin + j)) / (i - j);
        slope = slope * q + value / (i - j);
        value *= q;
      }
      values.col(k) += value * columns_.col(begin + i);
      if (derivatives != nullptr) derivatives->col(k) += slope / step_ * columns_.col(begin + i);
    }
  }

  double first_, last_, step_ = 0.0;
  Index count_ = 0;
  MatrixXd columns_;
  VectorXd response_;
  double unreachable_ = 0.0;
};

VectorXd without(const VectorXd& places, Index k) {
  VectorXd result(places.size() - 1);
  result << places.head(k), places.tail(places.size() - 1 - k);
  return result;
}

VectorXd merged(const VectorXd& places, Index k) {
  VectorXd result = without(places, k);
  result[k] = 0.5 * (places[k] + places[k + 1]);
  return result;
}

/// The best rule with one node fewer: the most promising candidates get a short polish.
VectorXd eliminate_one(const CompressedRows& rows, const VectorXd& places) {
  constexpr std::size_t tries = 6;
  constexpr int short_polish = 8;
  std::vector<std::pair<double, VectorXd>> candidates;
  for (Index k = 0; k < places.size(); ++k) {
    candidates.emplace_back(0.0, without(places, k));
    if (k + 1 < places.size()) candidates.emplace_back(0.0, merged(places, k));
  }
  for (auto& [cost, candidate] : candidates) cost = rows.fit(rows.columns(candidate)).cost;
  std::ranges::sort(candidates, [](const auto& a, const auto& b) { return a.first < b.first; });
  candidates.resize(std::min(tries, candidates.size()));
  for (auto& [cost, candidate] : candidates) cost = rows.polish(candidate, short_polish);
  return std::ranges::min_element(candidates,
                                  [](const auto& a, const auto& b) { return a.first < b.first; })
      ->second;
}

/// Weights on exact rows by least squares, reweighted a few times towards the smallest worst error
/// (Lawson's algorithm).
WavenumberRule fit_exactly(const WavenumberTarget& target, std::vector<double> wavenumber) {
  constexpr int reweightings = 10;
  const MatrixXd rows = target.rows(wavenumber);
  const auto n = static_cast<Index>(wavenumber.size());
  const VectorXd norms = rows.colwise().norm();
  const MatrixXd scaled = rows * norms.cwiseInverse().asDiagonal();
  VectorXd importance = VectorXd::Ones(rows.rows());
  WavenumberRule rule;
  rule.wavenumber = std::move(wavenumber);
  rule.worst = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= reweightings; ++i) {
    MatrixXd system(rows.rows() + n, n);
    const VectorXd root = importance.cwiseSqrt();
    system << root.asDiagonal() * scaled, ridge * MatrixXd::Identity(n, n);
    VectorXd rhs(system.rows());
    rhs << root.cwiseProduct(target.response), VectorXd::Zero(n);
    const VectorXd solution = system.householderQr().solve(rhs);
    const VectorXd error = (scaled * solution - target.response).cwiseAbs();
    if (error.maxCoeff() < rule.worst) {
      rule.worst = error.maxCoeff();
      const VectorXd weight = solution.cwiseQuotient(norms);
      rule.weight.assign(weight.data(), weight.data() + weight.size());
    }
    importance = importance.cwiseProduct((error / error.mean()).array().operator+(0.3).matrix());
    importance /= importance.mean();
  }
  return rule;
}

}  // namespace

WavenumberSearch::WavenumberSearch(const WavenumberTarget& target, int most_nodes)
    : target_(target) {
  constexpr int long_polish = 60;
  const CompressedRows rows(target);
  candidates_.resize(static_cast<std::size_t>(most_nodes) + 1);
  VectorXd places = VectorXd::LinSpaced(most_nodes, rows.first(), rows.last());
  for (int n = most_nodes; n >= fewest_nodes; --n) {
    if (n < most_nodes) places = eliminate_one(rows, places);
    const double cost = rows.polish(places, long_polish);
    candidates_[static_cast<std::size_t>(n)] = {places, cost};
  }
}

WavenumberRule WavenumberSearch::best(double worst) const {
  WavenumberRule best;
  best.worst = std::numeric_limits<double>::infinity();
  for (std::size_t n = fewest_nodes; n < candidates_.size(); ++n) {
    const Candidate& candidate = candidates_[n];
    const bool last = n + 1 == candidates_.size();
    // The worst error is several times the root mean square one.
    if (candidate.cost > 0.4 * worst && !last) continue;
    std::vector<double> wavenumber;
    for (const double place : candidate.log_wavenumber) wavenumber.push_back(std::exp(place));
    WavenumberRule rule = fit_exactly(target_, std::move(wavenumber));
    if (rule.worst < best.worst) best = std::move(rule);
    if (best.worst < worst) break;
  }
  return best;
}

}  // namespace stratem::core
