#include "core/survey/geometry_check.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <variant>

#include "base/check_failure.hpp"
#include "core/survey/polygon.hpp"

namespace stratem::core {
namespace {

/// Closer to a wire than this, relative to the loop's size, the field depends on the thickness of
/// the wire, which is not modelled.
constexpr double on_wire = 1e-9;

std::string corner(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

void check_loop(const Circle& circle, const std::string& path) {
  const double area = loop_area(circle);
  base::require(
      std::isfinite(circle.radius) && circle.radius > 0 && std::isfinite(area) && area > 0,
      path + ".radius", circle.radius, "above 0 and finite, with an area above 0 and finite");
}

void check_loop(const Dipole&, const std::string&) {}

void check_corners(const Polygon& polygon, const std::string& path) {
  const auto& corners = polygon.vertices;
  if (corners.size() < 3) {
    base::reject(path, std::to_string(corners.size()) + " corners", "at least 3");
  }
  for (std::size_t i = 0; i < corners.size(); ++i) {
    for (const double coordinate : corners[i]) {
      base::require(std::isfinite(coordinate), corner(path, i), coordinate, "a finite number");
    }
    if (corners[i] == corners[(i + 1) % corners.size()]) {
      base::reject(corner(path, (i + 1) % corners.size()), "a repeat of the corner before it",
                   "a corner of its own (the last side closes the loop by itself)");
    }
  }
}

void check_loop(const Polygon& polygon, const std::string& loop_path) {
  const std::string path = loop_path + ".vertices";
  check_corners(polygon, path);
  const double size = extent(polygon.vertices);
  const double area = loop_area(polygon);
  base::require(std::isfinite(size) && std::isfinite(area), path, area, "an area that is finite");
  if (const auto sides = touching_sides(polygon.vertices, on_wire * size)) {
    base::reject(path,
                 "the sides that start at corners " + std::to_string(sides->first) + " and " +
                     std::to_string(sides->second) + " cross or touch",
                 "a loop whose sides meet only at its corners");
  }
  base::require(area > 0, path, area, "an area above 0");
}

void check_position(const std::array<double, 2>& position, const std::string& path) {
  for (std::size_t axis = 0; axis < 2; ++axis) {
    base::require(std::isfinite(position[axis]), corner(path, axis), position[axis],
                  "a finite number");
  }
}

void check_height(double height, const std::string& path, bool height_from_models) {
  if (height_from_models) {
    base::require(std::isfinite(height), path, height, "a finite number");
  } else {
    base::require(std::isfinite(height) && height >= 0, path, height, "0 or above, and finite");
  }
}

void check_polarity(int polarity, const std::string& path) {
  if (polarity != 1 && polarity != -1) base::reject(path, std::to_string(polarity), "1 or -1");
}

void check_transmitter(const Transmitter& transmitter, const std::string& path,
                       bool height_from_models) {
  std::visit([&](const auto& loop) { check_loop(loop, path + ".loop"); }, transmitter.loop);
  check_position(transmitter.position, path + ".position");
  check_height(transmitter.height, path + ".height", height_from_models);
  base::require(std::isfinite(transmitter.turns) && transmitter.turns > 0, path + ".turns",
                transmitter.turns, "above 0 and finite");
  check_polarity(transmitter.polarity, path + ".polarity");
}

void check_receiver(const Receiver& receiver, const std::string& path, bool height_from_models) {
  check_position(receiver.position, path + ".position");
  check_height(receiver.height, path + ".height", height_from_models);
  check_polarity(receiver.polarity, path + ".polarity");
}

/// The length that distances to a loop are compared with, m; a dipole has no size.
double loop_size(const Loop& loop) {
  if (const auto* circle = std::get_if<Circle>(&loop)) return circle->radius;
  if (const auto* polygon = std::get_if<Polygon>(&loop)) return extent(polygon->vertices);
  return 1.0;
}

/// Whether a point of the loop's plane, relative to the loop's origin, lies on its wire.
bool is_on_wire(const Loop& loop, const Point& point) {
  const double tolerance = on_wire * loop_size(loop);
  const double distance = std::hypot(point[0], point[1]);
  if (const auto* circle = std::get_if<Circle>(&loop)) {
    return std::abs(distance - circle->radius) <= tolerance;
  }
  if (const auto* polygon = std::get_if<Polygon>(&loop)) {
    return side_through(polygon->vertices, point, tolerance).has_value();
  }
  return distance <= tolerance;
}

void check_pair(const Transmitter& transmitter, const Receiver& receiver,
                const std::string& receiver_path) {
  const double apart = std::abs(transmitter.height - receiver.height);
  if (apart > on_wire * loop_size(transmitter.loop)) return;
  const Point point{receiver.position[0] - transmitter.position[0],
                    receiver.position[1] - transmitter.position[1]};
  if (!is_on_wire(transmitter.loop, point)) return;
  const bool dipole = std::holds_alternative<Dipole>(transmitter.loop);
  base::reject(receiver_path + ".position",
               "[" + base::to_text(receiver.position[0]) + ", " +
                   base::to_text(receiver.position[1]) + "] at height " +
                   base::to_text(receiver.height) +
                   (dipole ? " is where the dipole is" : " is on the wire of the loop"),
               dipole ? "a place away from the transmitter" : "a place off the wire");
}

}  // namespace

std::string element_path(const std::string& path, std::size_t index, std::size_t count) {
  return count == 1 ? path : path + "[" + std::to_string(index) + "]";
}

void check_geometry(const Moment& moment, const std::string& path, bool height_from_models) {
  const auto& transmitters = moment.transmitters;
  const auto& receivers = moment.receivers;
  if (transmitters.empty()) base::reject(path + ".transmitter", "none", "at least one");
  if (receivers.empty()) base::reject(path + ".receiver", "none", "at least one");
  for (std::size_t i = 0; i < transmitters.size(); ++i) {
    check_transmitter(transmitters[i], element_path(path + ".transmitter", i, transmitters.size()),
                      height_from_models);
  }
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    const auto receiver_path = element_path(path + ".receiver", i, receivers.size());
    check_receiver(receivers[i], receiver_path, height_from_models);
    for (const auto& transmitter : transmitters)
      check_pair(transmitter, receivers[i], receiver_path);
  }
}

}  // namespace stratem::core

namespace stratem {

double loop_area(const Loop& loop) {
  if (const auto* circle = std::get_if<Circle>(&loop)) {
    return std::numbers::pi * circle->radius * circle->radius;
  }
  if (const auto* polygon = std::get_if<Polygon>(&loop)) {
    return std::abs(core::signed_area(polygon->vertices));
  }
  return 1.0;
}

}  // namespace stratem
