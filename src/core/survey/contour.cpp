#include "core/survey/contour.hpp"

#include <cmath>
#include <numbers>

namespace stratem::core {
namespace {

using std::numbers::pi;

struct Shape {
  double alpha = 0.0;  // half the angle between the asymptotes is pi/2 - alpha
  double reach = 0.0;  // last parameter, step x nodes
  double rate = 0.0;   // error is exp(-rate x nodes)
};

/// Balances the discretisation errors on both sides of the contour and the truncation error for a
/// given opening.
Shape balance(double alpha, double ratio, double angle) {
  const double excess = 4.0 * alpha - pi + 2.0 * angle;
  const double cosh_reach =
      ((pi - 2.0 * angle - 2.0 * alpha) * ratio + excess) / (excess * std::sin(alpha));
  if (!(excess > 0.0) || !(cosh_reach > 1.0)) return {};
  Shape shape;
  shape.alpha = alpha;
  shape.reach = std::acosh(cosh_reach);
  shape.rate = (pi * pi - 2.0 * pi * angle - 2.0 * pi * alpha) / shape.reach;
  return shape;
}

}  // namespace

Contour hyperbola(double first, double ratio, double angle) {
  constexpr double error = 1e-15;
  constexpr int openings = 400;
  Shape best;
  for (int i = 1; i < openings; ++i) {
    const double lowest = 0.25 * (pi - 2.0 * angle);
    const double highest = 0.5 * pi - angle;
    const Shape shape = balance(lowest + (highest - lowest) * i / openings, ratio, angle);
    if (shape.rate > best.rate) best = shape;
  }
  const int nodes = static_cast<int>(std::ceil(-std::log(error) / best.rate));
  const double step = best.reach / nodes;
  const double scale =
      (4.0 * pi * best.alpha - pi * pi + 2.0 * pi * angle) / step / (ratio * first);

  Contour contour;
  for (int j = 0; j < nodes; ++j) {
    const std::complex<double> argument{-best.alpha, (j + 0.5) * step};
    contour.node.push_back(scale * (1.0 + std::sin(argument)));
    contour.weight.push_back(scale * std::cos(argument) * step / pi);
  }
  return contour;
}

}  // namespace stratem::core
