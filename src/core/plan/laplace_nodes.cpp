#include "core/plan/laplace_nodes.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "core/plan/laplace_fit.hpp"

namespace stratem::core {
namespace {

using Complex = std::complex<double>;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using std::numbers::pi;

/// The number of gates whose misfit the search for nodes minimises, and the least number for each
/// geometry. The weights of all gates are fitted in the end.
constexpr Index search_gates = 10;
constexpr Index least_search_gates = 4;

/// The first and the last gate of every geometry, and some gates between.
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

struct Hyperbola {
  double log_scale, alpha, reach;
  LaplacePlaces nodes(int n) const {
    LaplacePlaces result;
    for (int j = 0; j < n; ++j) {
      const Complex argument{-alpha, (j + 0.5) * reach / n};
      result.push_back(std::exp(log_scale) * (1.0 + std::sin(argument)));
    }
    return result;
  }
};

/// Nodes after changes of their log moduli and arguments.
LaplacePlaces moved(LaplacePlaces nodes, const VectorXd& move) {
  Index k = 0;
  for (auto& node : nodes) {
    node *= std::polar(std::exp(move[k]), move[k + 1]);
    k += 2;
  }
  return nodes;
}

LaplacePlaces with(LaplacePlaces nodes, Complex node) {
  nodes.emplace_back(node.real(), std::abs(node.imag()));
  return nodes;
}

LaplacePlaces without(LaplacePlaces nodes, std::size_t k) {
  nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(k));
  return nodes;
}

/// Nodes in the order of their moduli, and the norm of the misfit that they leave.
struct Found {
  LaplacePlaces nodes;
  double norm = std::numeric_limits<double>::infinity();
};

Found better(Found a, Found b) { return b.norm < a.norm ? std::move(b) : std::move(a); }

/// The search for one window's nodes.
class Search {
 public:
  Search(const GateModes& modes, double first, double last, double half_period,
         const BuildMonitor& monitor)
      : modes_(modes),
        gates_(spread_gates(modes.gates_of_geometry)),
        first_(first),
        last_(last),
        half_period_(half_period),
        monitor_(monitor) {}

  /// The best hyperbola, after which every node is moved separately.
  Found from_hyperbola(int n) const { return polished(best_hyperbola(n)); }

  /// The best set with one node more. The transform of an alternating train has its poles at the
  /// odd harmonics of the base frequency.
  Found grown(const Found& from) const {
    const LaplacePlaces& nodes = from.nodes;
    std::vector<LaplacePlaces> candidates;
    for (std::size_t k = 0; k + 1 < nodes.size(); ++k) {
      candidates.push_back(with(nodes, between(nodes[k], nodes[k + 1])));
    }
    const std::size_t end = nodes.size() - 1;
    candidates.push_back(with(nodes, nodes[0] * (nodes[0] / nodes[1])));
    candidates.push_back(with(nodes, nodes[end] * (nodes[end] / nodes[end - 1])));
    if (half_period_ > 0.0) {
      candidates.push_back(with(nodes, {0.1 / half_period_, pi / half_period_}));
    }
    return best_of(std::move(candidates));
  }

  /// The best set with one node fewer: one left out, or two neighbours merged.
  Found thinned(const Found& from) const {
    std::vector<LaplacePlaces> candidates;
    for (std::size_t k = 0; k < from.nodes.size(); ++k) {
      candidates.push_back(without(from.nodes, k));
      if (k + 1 == from.nodes.size()) break;
      candidates.push_back(without(from.nodes, k));
      candidates.back()[k] = between(from.nodes[k], from.nodes[k + 1]);
    }
    return best_of(std::move(candidates));
  }

 private:
  static Complex between(Complex a, Complex b) { return std::sqrt(a) * std::sqrt(b); }

  double cost(const LaplacePlaces& nodes) const {
    monitor_.checkpoint();
    const double value = LaplaceFit(nodes, modes_, gates_).cost();
    return std::isfinite(value) ? value : 1e30;
  }

  /// The most promising candidates are polished.
  Found best_of(std::vector<LaplacePlaces> candidates) const {
    constexpr std::size_t tries = 4;
    std::vector<std::pair<double, LaplacePlaces>> ranked;
    ranked.reserve(candidates.size());
    for (auto& each : candidates) ranked.emplace_back(0.0, std::move(each));
    tbb::parallel_for(std::size_t{0}, ranked.size(),
                      [&](std::size_t i) { ranked[i].first = cost(ranked[i].second); });
    std::ranges::sort(ranked, {}, [](const auto& each) { return each.first; });
    ranked.resize(std::min(tries, ranked.size()));
    std::vector<Found> found(ranked.size());
    tbb::parallel_for(std::size_t{0}, ranked.size(),
                      [&](std::size_t i) { found[i] = polished(ranked[i].second); });
    Found best;
    for (auto& each : found) best = better(std::move(best), std::move(each));
    return best;
  }

  /// Moves every node separately, in log modulus and argument: Levenberg-Marquardt on the misfit.
  Found polished(const LaplacePlaces& start) const {
    constexpr int most_steps = 60;
    constexpr int most_slow_steps = 2;
    LaplaceFit fit(start, modes_, gates_);
    double cost = fit.cost();
    double damping = 1e-3;
    for (int step = 0, slow = 0; step < most_steps && slow < most_slow_steps; ++step) {
      monitor_.checkpoint();
      const LaplaceFit::Linear linear = fit.linearized();
      const double cost_before = cost;
      bool better = false;
      for (int attempt = 0; attempt < 8 && !better; ++attempt) {
        MatrixXd damped = linear.normal;
        damped.diagonal() *= 1.0 + damping;
        VectorXd move = -damped.ldlt().solve(linear.gradient);
        const double largest = move.cwiseAbs().maxCoeff();
        if (largest > 0.5) move *= 0.5 / largest;
        LaplaceFit moved_fit(moved(fit.nodes(), move), modes_, gates_);
        better = moved_fit.cost() < cost;
        if (better) {
          fit = std::move(moved_fit);
          cost = fit.cost();
          damping = std::max(damping / 5.0, 1e-12);
        } else {
          damping *= 6.0;
        }
      }
      if (!better) break;
      slow = cost > 0.99 * cost_before ? slow + 1 : 0;
    }
    Found found{fit.nodes(), std::sqrt(cost)};
    std::ranges::sort(found.nodes, {}, [](Complex node) { return std::abs(node); });
    return found;
  }

  /// Misfit of hyperbolas, minimised over scale, opening and reach by Nelder and Mead's simplex.
  LaplacePlaces best_hyperbola(int n) const {
    using Point = Eigen::Vector3d;
    const auto cost = [&](const Point& p) {
      if (p[1] < 0.05 || p[1] > 1.5 || p[2] < 0.3 || p[2] > 9.0) return 1e30;
      return this->cost(Hyperbola{p[0], p[1], p[2]}.nodes(n));
    };
    // The reach makes the nodes span the window's rates. The scale places the farthest node at a
    // few n divided by the first time.
    const double reach = std::clamp(std::log(30.0 * last_ / first_), 2.5, 7.0);
    const double farthest = std::abs(Hyperbola{0.0, 0.85, reach}.nodes(n).back());
    const Point start{std::log(2.5 * n / (first_ * farthest)), 0.85, reach};
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
    const Point& best = simplex[0].second;
    return Hyperbola{best[0], best[1], best[2]}.nodes(n);
  }

  const GateModes& modes_;
  std::vector<Index> gates_;
  double first_, last_, half_period_;
  const BuildMonitor& monitor_;
};

LaplaceNodes weighted(Found found, const GateModes& modes) {
  LaplaceNodes result;
  result.node = std::move(found.nodes);
  result.residual = found.norm;
  result.weight = fit_weights(result.node, modes);
  return result;
}

}  // namespace

LaplaceNodes finer_laplace_nodes(const GateModes& modes, double first, double last,
                                 double half_period, const LaplaceNodes& from, double residual,
                                 const BuildMonitor& monitor) {
  constexpr int more_nodes = 4;
  const double span = std::max(3.0, last / first);
  const Search search(modes, first, first * span, half_period, monitor);
  Found best = search.from_hyperbola(static_cast<int>(from.node.size()) + more_nodes);
  if (!(best.norm <= residual)) {
    Found grown{from.node, from.residual};
    for (int more = 0; more < more_nodes && grown.norm > residual; ++more) {
      grown = better(grown, search.grown(grown));
    }
    best = better(std::move(best), std::move(grown));
  }
  return weighted(std::move(best), modes);
}

LaplaceNodes find_laplace_nodes(const GateModes& modes, double first, double last,
                                double half_period, double residual, int most_nodes,
                                const BuildMonitor& monitor) {
  const double span = std::max(3.0, last / first);
  const Search search(modes, first, first * span, half_period, monitor);
  const int fewest =
      std::max(3, static_cast<int>(1.0 - std::log10(residual) + 1.5 * std::log10(span)));
  int n = std::min(fewest, most_nodes);
  Found best = search.from_hyperbola(n);
  while (best.norm >= residual && n < most_nodes) {
    best = better(search.grown(best), search.from_hyperbola(++n));
  }
  while (best.norm < residual && n > 2) {
    Found fewer = search.thinned(best);
    if (fewer.norm >= residual) break;
    best = std::move(fewer);
    --n;
  }
  return weighted(std::move(best), modes);
}

}  // namespace stratem::core
