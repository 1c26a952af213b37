// Grids of models: every combination of listed values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/models.hpp"

namespace stratem {

/// The parameters of one layer. A single value is the same in all models, several values make an
/// axis of the grid, and an empty list means that the layer does not have the parameter.
struct GridLayer {
  std::vector<double> resistivity;  ///< ohm-m
  /// All layers but the last have a thickness, or all but the first a depth, m. Combinations whose
  /// depths do not increase are models, too: they get Status::bad_depth.
  std::vector<double> thickness{};
  std::vector<double> depth{};
  std::vector<double> chargeability{};  ///< with the next two, or none of them
  std::vector<double> time_constant{};  ///< s
  std::vector<double> exponent{};
};

struct Grid {
  std::vector<GridLayer> layers;
  std::vector<double> height{};  ///< of the transmitter, m
};

/// A parameter with several values, named as a column of a model file: resistivity_1, height.
struct GridAxis {
  std::string name;
  std::vector<double> values;
};

enum class Spacing : std::uint8_t { linear, logarithmic };

/// `count` values from `from` to `to`, both included to the last bit. Throws InputError naming
/// `count` (2 to 1,000,000), or `from` or `to` if it is not finite or has no logarithm.
STRATEM_EXPORT std::vector<double> axis_values(double from, double to, std::int64_t count,
                                               Spacing spacing);

/// Throws InputError naming the key, the value and what is allowed.
STRATEM_EXPORT void check(const Grid& grid);

/// The axes, slowest first: layer by layer in the order of GridLayer's members, then the height.
/// Responses to a whole grid are an array of the axes' sizes, in that order, and the gates.
STRATEM_EXPORT std::vector<GridAxis> grid_axes(const Grid& grid);

/// The number of models: the product of the axes' sizes. Throws InputError if it does not fit into
/// 64 bits.
STRATEM_EXPORT std::int64_t grid_size(const Grid& grid);

/// Models first .. first + count - 1 of the grid, the last axis varying fastest. O(count x layers);
/// thread-safe. Throws InputError naming `first` or `count` if they are not within the grid.
STRATEM_EXPORT ModelSet grid_models(const Grid& grid, std::int64_t first, std::int64_t count);

}  // namespace stratem
