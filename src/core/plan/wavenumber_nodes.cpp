#include "core/plan/wavenumber_nodes.hpp"

#include <tbb/parallel_for.h>

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
/// The search ends when this many rules in a row, each with one node more, are no better. The
/// wavenumbers are then not the cause of the remaining error.
constexpr int most_in_vain = 4;
/// If no rule is good enough, at most this many nodes are inserted, one at a time.
constexpr int most_put_in = 8;
/// Nodes are not inserted if the error is above this many times the aim.
constexpr double farthest = 4.0;
/// Steps of a thorough polish.
constexpr int long_polish = 200;

/// The ridge keeps weights small that the rows hardly determine. Large weights would amplify
/// rounding and the rows' own errors. The error that the ridge adds stays far below `worst`.
double ridge_for(const WavenumberTarget& target, double worst) {
  return std::clamp(1e-3 * worst, 1e-12, target.most_ridge);
}

/// Log wavenumbers on which rows are tabulated.
class LogGrid {
 public:
  LogGrid(double first, double last) : first_(std::log(first)), last_(std::log(last)) {
    const double decades = (last_ - first_) / std::log(10.0);
    count_ = std::max<Index>(14, 1 + static_cast<Index>(std::ceil(decades * grid_per_decade)));
    step_ = (last_ - first_) / static_cast<double>(count_ - 1);
  }
  double first() const { return first_; }
  double last() const { return last_; }
  double step() const { return step_; }
  Index count() const { return count_; }
  std::vector<double> wavenumbers() const {
    std::vector<double> values;
    for (Index i = 0; i < count_; ++i) {
      values.push_back(std::exp(first_ + step_ * static_cast<double>(i)));
    }
    return values;
  }

 private:
  double first_, last_, step_ = 0.0;
  Index count_ = 0;
};

/// Least squares over the rows of one geometry. The rows are tabulated on a dense grid, compressed
/// to the grid's rank and interpolated between.
class CompressedRows {
 public:
  /// `all_rows` is the number of rows of all geometries. Costs are parts of the mean over all of
  /// them.
  CompressedRows(const LogGrid& grid, const MatrixXd& values, const VectorXd& response,
                 Index all_rows, double ridge)
      : grid_(grid), ridge_(ridge) {
    const Index count = grid.count();
    MatrixXd rows(values.rows(), count + 1);
    rows << values, response;
    rows /= std::sqrt(static_cast<double>(all_rows));
    for (Index i = 0; i < count; ++i) rows.col(i) /= std::max(rows.col(i).norm(), 1e-300);
    const Eigen::HouseholderQR<MatrixXd> qr(rows);
    const MatrixXd triangle =
        qr.matrixQR().topRows(std::min(rows.rows(), count + 1)).triangularView<Eigen::Upper>();
    const MatrixXd square = triangle.leftCols(count);
    const Eigen::BDCSVD<MatrixXd> svd(square, Eigen::ComputeThinU);
    const VectorXd& value = svd.singularValues();
    Index rank = 0;
    while (rank < value.size() && value[rank] > 1e-13 * value[0]) ++rank;
    columns_ = svd.matrixU().leftCols(rank).transpose() * square;
    response_ = svd.matrixU().leftCols(rank).transpose() * triangle.col(count);
    unreachable_ = std::max(0.0, triangle.col(count).squaredNorm() - response_.squaredNorm());
  }

  /// The best weights for some places, which are log wavenumbers.
  struct Fit {
    VectorXd places;
    MatrixXd basis;                         // [rank, places]
    Eigen::HouseholderQR<MatrixXd> solver;  // of the basis and the ridge below it
    VectorXd rotated;                       // Q^T of the right-hand side
    VectorXd weight;
    double ridged = 0.0;  // the minimised sum: squared errors and the ridge's part
    double error = 0.0;   // mean square error over the rows
  };
  Fit fit(const VectorXd& places) const {
    const Index n = places.size();
    Fit result;
    result.places = places;
    result.basis = combined(places, [](const Lagrange& at, int i) { return at.value[i]; });
    MatrixXd system(result.basis.rows() + n, n);
    system << result.basis, ridge_ * MatrixXd::Identity(n, n);
    VectorXd rhs = VectorXd::Zero(system.rows());
    rhs.head(response_.size()) = response_;
    result.solver.compute(system);
    result.rotated = result.solver.householderQ().adjoint() * rhs;
    result.weight = result.solver.matrixQR().topRows(n).triangularView<Eigen::Upper>().solve(
        result.rotated.head(n));
    result.ridged = result.rotated.tail(system.rows() - n).squaredNorm();
    result.error = (result.basis * result.weight - response_).squaredNorm() + unreachable_;
    return result;
  }

  /// How the rows change with the places, at fixed weights.
  MatrixXd slopes(const Fit& fit) const {
    return combined(fit.places,
                    [this](const Lagrange& at, int i) { return at.slope[i] / grid_.step(); }) *
           fit.weight.asDiagonal();
  }

 private:
  /// Ten-point Lagrange interpolation on the grid: factors of its columns from `begin` on.
  struct Lagrange {
    static constexpr int points = 10;
    Index begin = 0;
    Eigen::Array<double, points, 1> value;
    Eigen::Array<double, points, 1> slope;  // by grid steps
  };
  Lagrange lagrange(double place) const {
    constexpr int points = Lagrange::points;
    const double u = (place - grid_.first()) / grid_.step();
    Lagrange at;
    at.begin = std::clamp<Index>(static_cast<Index>(std::floor(u)) - points / 2 + 1, 0,
                                 grid_.count() - points);
    for (int i = 0; i < points; ++i) {
      double value = 1.0;
      double slope = 0.0;
      for (int j = 0; j < points; ++j) {
        if (j == i) continue;
        const double q = (u - static_cast<double>(at.begin + j)) / (i - j);
        slope = slope * q + value / (i - j);
        value *= q;
      }
      at.value[i] = value;
      at.slope[i] = slope;
    }
    return at;
  }

  /// For each place, the sum of the grid's columns near it times their factors.
  template <class Factor>
  MatrixXd combined(const VectorXd& places, const Factor& factor) const {
    MatrixXd sums = MatrixXd::Zero(columns_.rows(), places.size());
    for (Index k = 0; k < places.size(); ++k) {
      const Lagrange at = lagrange(places[k]);
      for (int i = 0; i < Lagrange::points; ++i) {
        sums.col(k) += factor(at, i) * columns_.col(at.begin + i);
      }
    }
    return sums;
  }

  LogGrid grid_;
  double ridge_;
  MatrixXd columns_;
  VectorXd response_;
  double unreachable_ = 0.0;
};

/// The rows of all geometries, which share places. Each geometry has its own weights.
class SharedRows {
 public:
  SharedRows(const WavenumberTarget& target, double ridge)
      : grid_(target.first, target.last), checkpoint_(target.checkpoint) {
    Index all = 0;
    for (const auto& response : target.response) all += response.size();
    const auto values = target.rows(grid_.wavenumbers());
    for (std::size_t g = 0; g < values.size(); ++g) {
      rows_.emplace_back(grid_, values[g], target.response[g], all, ridge);
    }
  }

  double first() const { return grid_.first(); }
  double last() const { return grid_.last(); }

  /// Root mean square error over the rows with the best weights.
  double cost(const VectorXd& places) const { return root_mean_square(fits(places)); }

  /// Levenberg-Marquardt on the places, whose weights are always the best for them (variable
  /// projection), `steps` at most; returns the root mean square error. A step moves no node by more
  /// than 0.4 of the gap to its neighbour.
  double polish(VectorXd& places, int steps) const {
    // With many nodes, the misfit falls slowly over many steps.
    constexpr int most_slow_steps = 10;
    std::vector<Fit> fitted = fits(places);
    double damping = 1e-2;
    int slow = 0;
    for (int step = 0; step < steps && slow < most_slow_steps; ++step) {
      checkpoint_();
      const double before = ridged(fitted);
      const Linear linear = linearized(fitted);
      bool better = false;
      for (int attempt = 0; attempt < 10 && !better; ++attempt) {
        const VectorXd move = linear.step(damping);
        const VectorXd moved =
            (places + shortened(places, move) * move).cwiseMax(first()).cwiseMin(last());
        std::vector<Fit> moved_fits = fits(moved);
        better = ridged(moved_fits) < before;
        if (better) {
          places = moved;
          fitted = std::move(moved_fits);
          damping = std::max(damping / 4.0, 1e-7);
        } else {
          damping *= 6.0;
        }
      }
      if (!better) break;
      slow = ridged(fitted) > before * (1.0 - 3e-3) ? slow + 1 : 0;
    }
    return root_mean_square(fitted);
  }

 private:
  using Fit = CompressedRows::Fit;

  /// The errors as linear functions of a small move: error = residual + triangle move.
  struct Linear {
    MatrixXd triangle;
    VectorXd residual;
    VectorXd scale;  // what damping is relative to

    VectorXd step(double damping) const {
      const Index n = scale.size();
      MatrixXd system(triangle.rows() + n, n);
      system << triangle, (damping * scale).asDiagonal().toDenseMatrix();
      VectorXd rhs = VectorXd::Zero(system.rows());
      rhs.head(residual.size()) = -residual;
      return system.householderQr().solve(rhs);
    }
  };

  std::vector<Fit> fits(const VectorXd& places) const {
    std::vector<Fit> result;
    for (const auto& rows : rows_) result.push_back(rows.fit(places));
    return result;
  }
  static double ridged(const std::vector<Fit>& fits) {
    double sum = 0.0;
    for (const auto& fit : fits) sum += fit.ridged;
    return sum;
  }
  static double root_mean_square(const std::vector<Fit>& fits) {
    double sum = 0.0;
    for (const auto& fit : fits) sum += fit.error;
    return std::sqrt(sum);
  }

  /// The part of a move's changes that the weights cannot make up for, all geometries together.
  Linear linearized(const std::vector<Fit>& fits) const {
    const Index n = fits.front().weight.size();
    Index rows = 0;
    for (const auto& fit : fits) rows += fit.basis.rows();
    MatrixXd slopes(rows, n);
    VectorXd residual(rows);
    VectorXd squares = VectorXd::Zero(n);
    Index row = 0;
    for (std::size_t g = 0; g < fits.size(); ++g) {
      const Fit& fit = fits[g];
      const Index count = fit.basis.rows();
      MatrixXd slope = MatrixXd::Zero(count + n, n);
      slope.topRows(count) = rows_[g].slopes(fit);
      squares += slope.colwise().squaredNorm().transpose();
      slope.applyOnTheLeft(fit.solver.householderQ().adjoint());
      slopes.middleRows(row, count) = slope.bottomRows(count);
      residual.segment(row, count) = -fit.rotated.tail(count);
      row += count;
    }
    Linear linear;
    linear.scale = squares.cwiseSqrt().cwiseMax(1e-9);
    const Eigen::HouseholderQR<MatrixXd> qr(slopes);
    const Index kept = std::min(rows, n);
    linear.triangle = qr.matrixQR().topRows(kept).triangularView<Eigen::Upper>();
    linear.residual = (qr.householderQ().adjoint() * residual).head(kept);
    return linear;
  }

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

  LogGrid grid_;
  std::function<void()> checkpoint_;
  std::vector<CompressedRows> rows_;
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

/// The best of some candidates. Their costs are computed here, and the first few are polished
/// briefly.
VectorXd most_promising(const SharedRows& rows,
                        std::vector<std::pair<double, VectorXd>> candidates) {
  constexpr std::size_t tries = 6;
  constexpr int short_polish = 8;
  tbb::parallel_for(std::size_t{0}, candidates.size(),
                    [&](std::size_t i) { candidates[i].first = rows.cost(candidates[i].second); });
  std::ranges::sort(candidates, [](const auto& a, const auto& b) { return a.first < b.first; });
  candidates.resize(std::min(tries, candidates.size()));
  tbb::parallel_for(std::size_t{0}, candidates.size(), [&](std::size_t i) {
    candidates[i].first = rows.polish(candidates[i].second, short_polish);
  });
  return std::ranges::min_element(candidates,
                                  [](const auto& a, const auto& b) { return a.first < b.first; })
      ->second;
}

/// The best rule with one node fewer.
VectorXd eliminate_one(const SharedRows& rows, const VectorXd& places) {
  std::vector<std::pair<double, VectorXd>> candidates;
  for (Index k = 0; k < places.size(); ++k) {
    candidates.emplace_back(0.0, without(places, k));
    if (k + 1 < places.size()) candidates.emplace_back(0.0, merged(places, k));
  }
  return most_promising(rows, std::move(candidates));
}

/// The best rule with one more node, between two neighbours. It is no worse than before.
VectorXd put_one_in(const SharedRows& rows, const VectorXd& places) {
  std::vector<std::pair<double, VectorXd>> candidates;
  for (Index k = 0; k + 1 < places.size(); ++k) {
    VectorXd more(places.size() + 1);
    more << places.head(k + 1), 0.5 * (places[k] + places[k + 1]),
        places.tail(places.size() - k - 1);
    candidates.emplace_back(0.0, std::move(more));
  }
  return most_promising(rows, std::move(candidates));
}

struct ExactFit {
  std::vector<double> weight;
  double worst = std::numeric_limits<double>::infinity();  // error
};

/// Weights on exact rows by least squares, reweighted a few times towards the smallest worst error
/// (Lawson's algorithm).
ExactFit fit_exactly(const MatrixXd& rows, const VectorXd& response, double ridge) {
  constexpr int reweightings = 10;
  const Index n = rows.cols();
  const VectorXd norms = rows.colwise().norm();
  const MatrixXd scaled = rows * norms.cwiseInverse().asDiagonal();
  VectorXd importance = VectorXd::Ones(rows.rows());
  ExactFit best;
  for (int i = 0; i <= reweightings; ++i) {
    MatrixXd system(rows.rows() + n, n);
    const VectorXd root = importance.cwiseSqrt();
    system << root.asDiagonal() * scaled, ridge * MatrixXd::Identity(n, n);
    VectorXd rhs(system.rows());
    rhs << root.cwiseProduct(response), VectorXd::Zero(n);
    const VectorXd solution = system.householderQr().solve(rhs);
    const VectorXd error = (scaled * solution - response).cwiseAbs();
    if (error.maxCoeff() < best.worst) {
      best.worst = error.maxCoeff();
      const VectorXd weight = solution.cwiseQuotient(norms);
      best.weight.assign(weight.data(), weight.data() + weight.size());
    }
    importance = importance.cwiseProduct((error / error.mean()).array().operator+(0.3).matrix());
    importance /= importance.mean();
  }
  return best;
}

VectorXd log_of(const std::vector<double>& wavenumber) {
  VectorXd places(std::ssize(wavenumber));
  for (Index i = 0; i < places.size(); ++i) {
    places[i] = std::log(wavenumber[static_cast<std::size_t>(i)]);
  }
  return places;
}

/// The weights of every geometry at places.
WavenumberRule rule_at(const WavenumberTarget& target, const VectorXd& places, double ridge) {
  WavenumberRule rule;
  for (const double place : places) rule.wavenumber.push_back(std::exp(place));
  const auto rows = target.rows(rule.wavenumber);
  for (std::size_t g = 0; g < rows.size(); ++g) {
    ExactFit fit = fit_exactly(rows[g], target.response[g], ridge);
    rule.weight.push_back(std::move(fit.weight));
    rule.worst = std::max(rule.worst, fit.worst);
  }
  return rule;
}

/// A set of places and its root mean square error.
struct Candidate {
  VectorXd places;
  double cost = 0.0;
};

/// Candidates from the most nodes down to the fewest that may be enough.
std::vector<Candidate> thin_out(const SharedRows& rows, int most_nodes, double worst) {
  std::vector<Candidate> candidates;
  VectorXd places = VectorXd::LinSpaced(most_nodes, rows.first(), rows.last());
  bool reached = false;
  for (int n = most_nodes; n >= fewest_nodes; --n) {
    if (n < most_nodes) places = eliminate_one(rows, places);
    const double cost = rows.polish(places, long_polish);
    candidates.push_back({places, cost});
    // The largest error is never below the mean one. Once the mean error has reached the aim, fewer
    // nodes only raise it. Before that, leaving nodes out may still lower it.
    reached = reached || cost <= worst;
    if (reached && cost > worst) break;
  }
  return candidates;
}

Candidate with_one_more(const SharedRows& rows, const Candidate& from) {
  Candidate more{put_one_in(rows, from.places), 0.0};
  more.cost = rows.polish(more.places, long_polish);
  return more;
}

/// A candidate with some more nodes than `best`: one of the earlier candidates if its error is
/// smaller, or else `best` with nodes inserted.
Candidate finer_than(const SharedRows& rows, const std::vector<Candidate>& candidates,
                     const Candidate& best) {
  constexpr Index more_nodes = 6;
  const Index wanted = std::min(best.places.size() + more_nodes, candidates.front().places.size());
  for (const auto& candidate : candidates) {
    if (candidate.places.size() == wanted && candidate.cost < best.cost) return candidate;
  }
  Candidate finer = best;
  for (Index i = 0; i < more_nodes; ++i) finer = with_one_more(rows, finer);
  return finer;
}

}  // namespace

WavenumberRules find_wavenumber_rules(const WavenumberTarget& target, int most_nodes,
                                      double worst) {
  const double ridge = ridge_for(target, worst);
  const SharedRows rows(target, ridge);
  const auto candidates = thin_out(rows, most_nodes, worst);
  const auto least = std::ranges::min_element(candidates, {}, &Candidate::cost);
  WavenumberRules found;
  found.best.worst = std::numeric_limits<double>::infinity();
  Candidate best = *least;
  int in_vain = 0;
  for (std::size_t i = candidates.size(); i-- > 0 && in_vain < most_in_vain;) {
    const Candidate& candidate = candidates[i];
    // The largest error is several times the root mean square error. If no candidate is promising,
    // only the best of them is tried. It is often not the one with the most nodes, where the search
    // had just begun.
    if (candidate.cost > 0.4 * worst && &candidate != &*least) continue;
    WavenumberRule rule = rule_at(target, candidate.places, ridge);
    in_vain = rule.worst < 0.9 * found.best.worst ? 0 : in_vain + 1;
    if (rule.worst < found.best.worst) {
      found.best = std::move(rule);
      best = candidate;
    }
    if (found.best.worst < worst) break;
  }
  // Leaving nodes out may miss the best places. A polish of the known wavenumbers may reach the aim
  // where the search has not; after that, nodes are inserted.
  if (found.best.worst >= worst && !target.known.empty()) {
    Candidate known{log_of(target.known), 0.0};
    known.cost = rows.polish(known.places, long_polish);
    WavenumberRule rule = rule_at(target, known.places, ridge);
    if (rule.worst < found.best.worst) {
      found.best = std::move(rule);
      best = known;
    }
  }
  const bool is_near = found.best.worst < farthest * worst;
  Candidate more = best;
  for (int i = 0; is_near && i < most_put_in && found.best.worst >= worst; ++i) {
    more = with_one_more(rows, more);
    WavenumberRule rule = rule_at(target, more.places, ridge);
    if (rule.worst >= found.best.worst) continue;
    found.best = std::move(rule);
    best = more;
  }
  const Candidate finer = is_near ? finer_than(rows, candidates, best) : candidates.front();
  for (const double place : finer.places) {
    found.finer.wavenumber.push_back(std::exp(place));
  }
  return found;
}

WavenumberRule fit_wavenumber_rule(const WavenumberTarget& target,
                                   const std::vector<double>& wavenumber, double worst) {
  return rule_at(target, log_of(wavenumber), ridge_for(target, worst));
}

}  // namespace stratem::core
