// The arrays of a model file: one list for both HDF5 and CSV.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stratem/models.hpp"

namespace stratem::io {

/// An array with numbers for each layer of each model.
struct LayerArray {
  std::string_view name;
  std::vector<double> ModelSet::*values;
  std::int64_t missing_layers;  ///< 1 for thickness: the last layer has none

  std::int64_t columns(std::int64_t layers) const { return layers - missing_layers; }
};

inline constexpr std::array<LayerArray, 6> layer_arrays{{
    {"resistivity", &ModelSet::resistivity, 0},
    {"depth", &ModelSet::depth, 0},
    {"thickness", &ModelSet::thickness, 1},
    {"chargeability", &ModelSet::chargeability, 0},
    {"time_constant", &ModelSet::time_constant, 0},
    {"exponent", &ModelSet::exponent, 0},
}};
inline constexpr std::string_view layer_count_name = "layers";
inline constexpr std::string_view height_name = "height";

/// All names a model file may use.
inline constexpr std::array<std::string_view, 8> array_names{
    "resistivity",   "depth",    "thickness", "chargeability",
    "time_constant", "exponent", "layers",    "height",
};

/// The known name of which `word` looks like a misspelling, or nothing. Much stricter than "did you
/// mean": a file may also contain other arrays, such as `weight`, besides the known ones.
std::string_view misspelt_name(std::string_view word);

/// Throws InputError as "origin: ..." if sizes, shapes or the choice of arrays are not allowed.
void check_models(const ModelSet& set, const std::string& origin);

/// A copy of the models first .. first + count - 1.
ModelSet models_between(const ModelSet& set, std::int64_t first, std::int64_t count);

}  // namespace stratem::io
