// Layered-earth models: views over the caller's arrays, an owning set, and the faults that a model
// can have.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/views.hpp"

namespace stratem {

/// Outcome of one model. One bad model never fails a batch: its status says why, its responses are
/// NaN.
enum class Status : std::uint8_t {
  ok = 0,
  bad_resistivity = 1,    ///< not finite or not > 0
  bad_depth = 2,          ///< first depth not 0, or depths that do not increase, or not finite
  bad_thickness = 3,      ///< not finite or not > 0
  bad_layer_count = 4,    ///< not in 1 .. layers
  bad_chargeability = 5,  ///< not in [0, 1)
  bad_time_constant = 6,  ///< not finite or not > 0
  bad_exponent = 7,       ///< not in (0, 1]
  bad_height = 8,         ///< not finite, or a transmitter or receiver would be below the ground
  out_of_range = 9,       ///< outside the range the plan was declared for
  failed = 10,            ///< the computation did not give a finite number
};

/// A one-line explanation, such as "depths do not start at 0 or do not increase".
STRATEM_EXPORT std::string_view describe(Status status);

/// A batch of models as views over the caller's arrays; nothing is copied. Give `thickness` or
/// `depth`, not both (neither for one-layer models). Thread safety: that of the caller's arrays.
struct ModelBatch {
  std::int64_t models = 0;
  std::int64_t layers = 0;                     ///< largest number of layers; 1 .. 200
  MatrixView<const double> resistivity;        ///< [models, layers], ohm-m
  MatrixView<const double> thickness;          ///< [models, layers - 1], m
  MatrixView<const double> depth;              ///< [models, layers], top of each layer, m, first 0
  VectorView<const std::int32_t> layer_count;  ///< [models], optional; the tail of a row is ignored
  /// [models, layers], optional, with the next two: Pelton's Cole-Cole.
  MatrixView<const double> chargeability;
  MatrixView<const double> time_constant;  ///< [models, layers], s
  MatrixView<const double> exponent;       ///< [models, layers]
  VectorView<const double> height;  ///< [models], optional: height of the first transmitter, m

  /// The models first .. first + count - 1.
  STRATEM_EXPORT ModelBatch slice(std::int64_t first, std::int64_t count) const;
};

/// Most layers a model may have.
inline constexpr std::int64_t max_layers = 200;

/// Throws InputError if the shapes of a batch do not fit together (unequal numbers of models or
/// layers, both thickness and depth, part of the Cole-Cole parameters). Values are not checked
/// here, because a bad value makes only its own model fail.
STRATEM_EXPORT void check_shapes(const ModelBatch& batch);

/// Models that own their numbers, dense and row-major; empty vectors are absent arrays.
struct ModelSet {
  std::int64_t models = 0;
  std::int64_t layers = 0;
  std::vector<double> resistivity;
  std::vector<double> thickness;
  std::vector<double> depth;
  std::vector<std::int32_t> layer_count;
  std::vector<double> chargeability;
  std::vector<double> time_constant;
  std::vector<double> exponent;
  std::vector<double> height;

  /// Views of this set; valid as long as it is neither changed nor destroyed.
  STRATEM_EXPORT ModelBatch view() const;
};

/// The models of a batch with these numbers, copied.
STRATEM_EXPORT ModelSet select_models(const ModelBatch& models,
                                      const std::vector<std::int64_t>& numbers);

/// Adds models after those of `to`, of any number of layers, with or without polarizable ones.
/// Depths become thicknesses. Throws InputError if only one of the two has heights.
STRATEM_EXPORT void append(ModelSet& to, ModelSet more);

}  // namespace stratem
