#include "core/survey/loop_weight.hpp"

#include <math.h>  // j0, j1

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/constants.hpp"
#include "core/survey/geometry_group.hpp"
#include "core/survey/polygon.hpp"

namespace stratem::core {
namespace {

using Rule = boost::math::quadrature::gauss<double, 20>;

/// J1(x)/x, an entire function of x^2.
double bessel_j1_over_x(double x) { return x < 1e-4 ? 0.5 - x * x / 16.0 : ::j1(x) / x; }

/// The part of a radial unit vector along the horizontal component.
double projection(Component component, double dx, double dy, double r) {
  if (r == 0.0) return 0.0;
  return (component == Component::x ? dx : dy) / r;
}

double circle_weight(double radius, double dx, double dy, Component component, double lambda) {
  const double r = std::hypot(dx, dy);
  const double common = 0.5 * base::mu0 * radius * lambda * ::j1(lambda * radius);
  if (component == Component::z) return common * ::j0(lambda * r);
  return common * ::j1(lambda * r) * projection(component, dx, dy, r);
}

double dipole_weight(double dx, double dy, Component component, double lambda) {
  const double r = std::hypot(dx, dy);
  const double common = base::mu0 / (4.0 * std::numbers::pi) * lambda * lambda;
  if (component == Component::z) return common * ::j0(lambda * r);
  return common * ::j1(lambda * r) * projection(component, dx, dy, r);
}

/// Integral of f over [0, 1] with panels short enough for a phase of `phase` radians over the
/// interval.
template <class F>
double integrate_side(double phase, F f) {
  constexpr double phase_per_panel = 8.0;  // 20 Gauss points are exact to rounding up to about 12
  const int panels = 1 + static_cast<int>(phase / phase_per_panel);
  const auto& x = Rule::abscissa();
  const auto& w = Rule::weights();
  double sum = 0.0;
  for (int p = 0; p < panels; ++p) {
    const double half = 0.5 / panels;
    const double middle = (2 * p + 1) * half;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += w[i] * half * (f(middle + half * x[i]) + f(middle - half * x[i]));
    }
  }
  return sum;
}

/// Sum over sides of the weight per element of wire, counter-clockwise round the loop. With (x, y)
/// from the receiver to the element, d its length and n the outward normal: B_z: lambda J1(lambda
/// d) (x, y).n / d; B_x: lambda J0(lambda d) n_x.
double polygon_weight(const std::vector<Point>& corners, double dx, double dy, Component component,
                      double lambda) {
  double sum = 0.0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Point a{corners[i][0] - dx, corners[i][1] - dy};
    const Point& next = corners[(i + 1) % corners.size()];
    const Point along{next[0] - dx - a[0], next[1] - dy - a[1]};
    const double phase = lambda * std::hypot(along[0], along[1]);
    const auto distance = [&](double q) {
      return std::hypot(a[0] + q * along[0], a[1] + q * along[1]);
    };
    if (component == Component::z) {
      const double flux = a[0] * along[1] - a[1] * along[0];  // (x, y).n ds, constant along a side
      sum += flux * lambda * lambda * integrate_side(phase, [&](double q) {
               return bessel_j1_over_x(lambda * distance(q));
             });
    } else {
      const double normal = component == Component::x ? along[1] : -along[0];
      sum += normal * lambda *
             integrate_side(phase, [&](double q) { return ::j0(lambda * distance(q)); });
    }
  }
  const double direction = signed_area(corners) < 0.0 ? -1.0 : 1.0;
  return direction * base::mu0 / (4.0 * std::numbers::pi) * sum;
}

struct Reach {
  double shortest, longest;
};

/// Smallest and largest distance from the receiver to the wire. They determine how fast the weight
/// oscillates.
Reach reach(const Loop& loop, double dx, double dy) {
  const double r = std::hypot(dx, dy);
  if (const auto* circle = std::get_if<Circle>(&loop)) {
    return {std::abs(circle->radius - r), circle->radius + r};
  }
  if (std::holds_alternative<Dipole>(loop)) return {r, r};
  const auto& corners = std::get<Polygon>(loop).vertices;
  Reach range{std::numeric_limits<double>::infinity(), 0.0};
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Point& a = corners[i];
    const Point& b = corners[(i + 1) % corners.size()];
    range.shortest = std::min(range.shortest, distance_to_segment({dx, dy}, a, b));
    range.longest = std::max(range.longest, std::hypot(a[0] - dx, a[1] - dy));
  }
  return range;
}

}  // namespace

LoopWeight::LoopWeight(const Moment& moment, Normalization normalization)
    : height_sum_(std::numeric_limits<double>::infinity()),
      shortest_(std::numeric_limits<double>::infinity()) {
  const double gain = moment_gain(moment, normalization);
  for (const auto& t : moment.transmitters) {
    for (const auto& r : moment.receivers) {
      Pair& pair = pairs_.emplace_back();
      pair.loop = t.loop;
      pair.dx = r.position[0] - t.position[0];
      pair.dy = r.position[1] - t.position[1];
      pair.extra_height = t.height + r.height;
      pair.component = r.component;
      pair.gain = gain * t.polarity * r.polarity * t.turns;
      const Reach range = reach(pair.loop, pair.dx, pair.dy);
      shortest_ = std::min(shortest_, range.shortest);
      longest_ = std::max(longest_, range.longest);
      height_sum_ = std::min(height_sum_, pair.extra_height);
    }
  }
  for (auto& pair : pairs_) pair.extra_height -= height_sum_;
}

double LoopWeight::weight(const Pair& pair, double lambda) {
  if (const auto* circle = std::get_if<Circle>(&pair.loop)) {
    return circle_weight(circle->radius, pair.dx, pair.dy, pair.component, lambda);
  }
  if (const auto* polygon = std::get_if<Polygon>(&pair.loop)) {
    return polygon_weight(polygon->vertices, pair.dx, pair.dy, pair.component, lambda);
  }
  return dipole_weight(pair.dx, pair.dy, pair.component, lambda);
}

double LoopWeight::operator()(double lambda) const {
  double sum = 0.0;
  for (const auto& pair : pairs_) {
    sum += pair.gain * std::exp(-lambda * pair.extra_height) * weight(pair, lambda);
  }
  return sum;
}

}  // namespace stratem::core
