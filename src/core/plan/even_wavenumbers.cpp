#include "core/plan/even_wavenumbers.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/plan/log_grid.hpp"

namespace stratem::core {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Density of the dense wavenumbers. The second value is used if the first does not resolve the
/// integrand.
constexpr std::array dense_per_decade{24, 48};
constexpr int fewest_per_decade = 6;
/// The dense wavenumbers extend by this factor below those that a fitted rule needs, because the
/// first weights of a fitted rule represent all smaller wavenumbers.
constexpr double reach = 300.0;
/// The first weights, this many, represent the smaller wavenumbers that are left out. The sum over
/// those may be this multiple of the allowed error. If the weights cannot represent them, the sum
/// may only be a part of the allowed error; the same holds above the last wavenumber.
constexpr Index standing_in = 3;
constexpr double below_part = 2.0;
constexpr double end_part = 0.15;
/// A rule must need no more than this part of the dense wavenumbers. If it needs more, the dense
/// wavenumbers do not resolve the integrand either.
constexpr double resolved_part = 0.85;
/// The finer rule's wavenumbers a decade, relative to the best rule's.
constexpr double finer_part = 1.4;

/// `count` wavenumbers from first to last, both included.
struct Span {
  double first, last;
  int count;

  int per_decades(double number) const {
    return static_cast<int>(std::ceil(number * std::log10(last / first))) + 1;
  }
};

WavenumberRule trapezoidal(const WavenumberTarget& target, const Span& span) {
  const double step = std::log(span.last / span.first) / (span.count - 1);
  WavenumberRule rule;
  rule.wavenumber = log_grid(span.first, span.last, span.count);
  for (const auto& integrand : target.integrand) {
    rule.weight.emplace_back();
    for (const double lambda : rule.wavenumber) {
      rule.weight.back().push_back(step * lambda * integrand(lambda));
    }
  }
  return rule;
}

VectorXd weights(const WavenumberRule& rule, std::size_t geometry) {
  const auto& weight = rule.weight[geometry];
  return Eigen::Map<const VectorXd>(weight.data(), std::ssize(weight));
}

/// How many columns can be left out, in the order given, before their sum exceeds `most` in any
/// row.
template <class Order>
Index dispensable(const MatrixXd& terms, double most, const Order& order) {
  VectorXd sum = VectorXd::Zero(terms.rows());
  Index count = 0;
  for (; count < terms.cols(); ++count) {
    sum += terms.col(order(count));
    if (sum.cwiseAbs().maxCoeff() > most) break;
  }
  return count;
}

/// The dense rule that rules with fewer wavenumbers are compared with.
struct Dense {
  Span all;                    // the dense wavenumbers
  Span matters;                // those that matter
  Span matters_strictly;       // the same if no weights represent smaller wavenumbers
  std::vector<VectorXd> sums;  // [geometries] of [rows], over all wavenumbers

  Dense(const WavenumberTarget& target, double worst, int per_decade) {
    all = {target.first / reach, target.last, 0};
    all.count = all.per_decades(per_decade);
    const WavenumberRule rule = trapezoidal(target, all);
    auto rows = target.rows(rule.wavenumber);
    const Index count = all.count;
    Index below = count;
    Index strictly_below = count;
    Index above = count;
    for (std::size_t g = 0; g < rows.size(); ++g) {
      MatrixXd& terms = rows[g];
      terms *= weights(rule, g).asDiagonal();
      const auto upwards = [](Index i) { return i; };
      const auto downwards = [&](Index i) { return count - 1 - i; };
      below = std::min(below, dispensable(terms, below_part * worst, upwards));
      strictly_below = std::min(strictly_below, dispensable(terms, end_part * worst, upwards));
      above = std::min(above, dispensable(terms, end_part * worst, downwards));
      sums.emplace_back(terms.rowwise().sum());
    }
    const auto span = [&](Index begin) {
      const auto at = [&](Index i) {
        return rule.wavenumber[static_cast<std::size_t>(std::clamp<Index>(i, 0, count - 1))];
      };
      Span result{at(begin), at(count - 1 - above), 0};
      result.count = result.per_decades(per_decade);
      return result;
    };
    matters = span(below);
    matters_strictly = span(strictly_below);
  }
};

/// The returned rule's `worst` is the largest difference from the dense sums.
WavenumberRule rule_over(const WavenumberTarget& target, const Span& span, const Dense& dense) {
  WavenumberRule rule = trapezoidal(target, span);
  const auto rows = target.rows(rule.wavenumber);
  for (std::size_t g = 0; g < rows.size(); ++g) {
    VectorXd missing = dense.sums[g] - rows[g] * weights(rule, g);
    const MatrixXd first = rows[g].leftCols(standing_in);
    const VectorXd norms = first.colwise().norm().cwiseMax(1e-300);
    const VectorXd change = (first * norms.cwiseInverse().asDiagonal())
                                .colPivHouseholderQr()
                                .solve(missing)
                                .cwiseQuotient(norms);
    for (Index i = 0; i < standing_in; ++i) {
      rule.weight[g][static_cast<std::size_t>(i)] += change[i];
    }
    missing -= first * change;
    rule.worst = std::max(rule.worst, missing.cwiseAbs().maxCoeff());
  }
  return rule;
}

/// The rule over a span with the fewest wavenumbers whose error is at most `worst`, if there is
/// one.
std::optional<WavenumberRules> fewest_over(const WavenumberTarget& target, Span span,
                                           const Dense& dense, double worst) {
  if (!(span.first < span.last)) return std::nullopt;
  int too_few = span.per_decades(fewest_per_decade);
  span.count = static_cast<int>(resolved_part * span.count);
  WavenumberRules rules;
  rules.best = rule_over(target, span, dense);
  if (rules.best.worst > worst) return std::nullopt;
  int enough = span.count;
  while (enough - too_few > std::max(1, enough / 20)) {
    span.count = (too_few + enough) / 2;
    WavenumberRule rule = rule_over(target, span, dense);
    if (rule.worst > worst) {
      too_few = span.count;
    } else {
      enough = span.count;
      rules.best = std::move(rule);
    }
  }
  Span finer = dense.all;
  finer.count = static_cast<int>(finer_part * enough * std::log(finer.last / finer.first) /
                                 std::log(span.last / span.first));
  rules.finer = rule_over(target, finer, dense);
  return rules;
}

}  // namespace

std::optional<WavenumberRules> even_wavenumber_rules(const WavenumberTarget& target, double worst) {
  for (const int per_decade : dense_per_decade) {
    const Dense dense(target, worst, per_decade);
    if (auto rules = fewest_over(target, dense.matters, dense, worst)) return rules;
    if (auto rules = fewest_over(target, dense.matters_strictly, dense, worst)) return rules;
  }
  return std::nullopt;
}

}  // namespace stratem::core
