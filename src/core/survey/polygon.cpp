#include "core/survey/polygon.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace stratem::core {
namespace {

struct Side {
  std::size_t number;
  Point from;
  Point to;
  double left() const { return std::min(from[0], to[0]); }
  double right() const { return std::max(from[0], to[0]); }
};

std::vector<Side> sides_of(std::span<const Point> corners) {
  std::vector<Side> sides;
  sides.reserve(corners.size());
  for (std::size_t i = 0; i < corners.size(); ++i) {
    sides.push_back({i, corners[i], corners[(i + 1) % corners.size()]});
  }
  return sides;
}

/// Twice the signed area of the triangle a, b, c: positive if they turn left.
double turn(const Point& a, const Point& b, const Point& c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

bool cross(const Side& a, const Side& b) {
  const bool b_on_both_sides = (turn(a.from, a.to, b.from) > 0) != (turn(a.from, a.to, b.to) > 0);
  const bool a_on_both_sides = (turn(b.from, b.to, a.from) > 0) != (turn(b.from, b.to, a.to) > 0);
  return a_on_both_sides && b_on_both_sides;
}

bool near(const Point& point, const Side& side, double tolerance) {
  return distance_to_segment(point, side.from, side.to) <= tolerance;
}

/// Whether two sides that share the corner first.to == second.from lie on each other.
bool fold_back(const Side& first, const Side& second, double tolerance) {
  return near(second.to, first, tolerance) || near(first.from, second, tolerance);
}

bool touch(const Side& a, const Side& b, std::size_t corners, double tolerance) {
  if ((a.number + 1) % corners == b.number) return fold_back(a, b, tolerance);
  if ((b.number + 1) % corners == a.number) return fold_back(b, a, tolerance);
  return cross(a, b) || near(a.from, b, tolerance) || near(a.to, b, tolerance) ||
         near(b.from, a, tolerance) || near(b.to, a, tolerance);
}

}  // namespace

double signed_area(std::span<const Point> corners) {
  double twice = 0.0;
  // Relative to the first corner: a small loop far from the origin keeps its digits.
  for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
    twice += turn(corners[0], corners[i], corners[i + 1]);
  }
  return 0.5 * twice;
}

double extent(std::span<const Point> corners) {
  double result = 0.0;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const auto [low, high] =
        std::minmax_element(corners.begin(), corners.end(),
                            [axis](const Point& a, const Point& b) { return a[axis] < b[axis]; });
    if (low != corners.end()) result = std::max(result, (*high)[axis] - (*low)[axis]);
  }
  return result;
}

double distance_to_segment(const Point& point, const Point& a, const Point& b) {
  const double along_x = b[0] - a[0];
  const double along_y = b[1] - a[1];
  const double length = std::hypot(along_x, along_y);
  if (length == 0.0) return std::hypot(point[0] - a[0], point[1] - a[1]);
  const double unit_x = along_x / length;
  const double unit_y = along_y / length;
  const double along =
      std::clamp((point[0] - a[0]) * unit_x + (point[1] - a[1]) * unit_y, 0.0, length);
  return std::hypot(point[0] - a[0] - along * unit_x, point[1] - a[1] - along * unit_y);
}

std::optional<std::size_t> side_through(std::span<const Point> corners, const Point& point,
                                        double tolerance) {
  for (std::size_t i = 0; i < corners.size(); ++i) {
    if (distance_to_segment(point, corners[i], corners[(i + 1) % corners.size()]) <= tolerance) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<std::pair<std::size_t, std::size_t>> touching_sides(std::span<const Point> corners,
                                                                  double tolerance) {
  auto sides = sides_of(corners);
  std::sort(sides.begin(), sides.end(),
            [](const Side& a, const Side& b) { return a.left() < b.left(); });
  for (std::size_t i = 0; i < sides.size(); ++i) {
    // All further sides begin to the right of this one's end.
    for (std::size_t j = i + 1; j < sides.size(); ++j) {
      if (sides[j].left() > sides[i].right() + tolerance) break;
      if (touch(sides[i], sides[j], corners.size(), tolerance)) {
        return std::minmax(sides[i].number, sides[j].number);
      }
    }
  }
  return std::nullopt;
}

}  // namespace stratem::core
