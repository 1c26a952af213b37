// Plane geometry of loops: their area, and which points and sides touch.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace stratem::core {

using Point = std::array<double, 2>;  ///< x, y in m

/// Area inside a closed polygon in m^2, positive if its corners run anticlockwise.
double signed_area(std::span<const Point> corners);

/// The larger of width and height of the corners' bounding box, m.
double extent(std::span<const Point> corners);

/// Distance from a point to the segment from a to b, m.
double distance_to_segment(const Point& point, const Point& a, const Point& b);

/// The side (by the number of its first corner) that passes within `tolerance` of the point, if
/// any.
std::optional<std::size_t> side_through(std::span<const Point> corners, const Point& point,
                                        double tolerance);

/// Two sides that cross, or come within `tolerance` of each other away from a corner they share.
/// Sides are numbered by their first corner. O(n log n) for loops whose sides are spread out.
std::optional<std::pair<std::size_t, std::size_t>> touching_sides(std::span<const Point> corners,
                                                                  double tolerance);

}  // namespace stratem::core
