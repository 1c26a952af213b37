// The arrays that describe models: one list for checks, copies, devices and files. An array that is
// added here is sliced, selected, joined, packed, read and written like the others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "stratem/device_arrays.hpp"
#include "stratem/models.hpp"

namespace stratem::core {

/// What an array has a number for: each layer, each interface or each model.
enum class Extent : std::uint8_t { layers, interfaces, model };

/// One array, with its members in ModelBatch, ModelSet and BatchPointers.
template <class Number, class View>
struct ModelArray {
  constexpr ModelArray(std::string_view array_name, Extent what, Number absent_number,
                       View ModelBatch::*in_batch, std::vector<Number> ModelSet::*in_set,
                       const Number* DeviceModels::*in_memory)
      : name(array_name),
        extent(what),
        absent(absent_number),
        view(in_batch),
        values(in_set),
        pointer(in_memory) {}

  std::string_view name;  ///< in files and messages
  Extent extent;
  Number absent;  ///< value for layers that a model lacks, or that lack the property
  View ModelBatch::*view;
  std::vector<Number> ModelSet::*values;
  const Number* DeviceModels::*pointer;

  /// How many numbers of the array belong to a model.
  constexpr std::int64_t columns(std::int64_t layers) const {
    return extent == Extent::model ? 1 : layers - missing_layers();
  }
  /// How many of a model's last layers have no number: the last layer has no interface below it.
  constexpr std::int64_t missing_layers() const { return extent == Extent::interfaces ? 1 : 0; }
  /// Whether every set of models has it.
  constexpr bool required() const { return name == "resistivity"; }
};

/// An array [models, layers] or [models, layers - 1].
using LayerArray = ModelArray<double, MatrixView<const double>>;
/// An array [models].
template <class Number>
using PerModelArray = ModelArray<Number, VectorView<const Number>>;

inline constexpr LayerArray resistivity_array("resistivity", Extent::layers, 1.0,
                                              &ModelBatch::resistivity, &ModelSet::resistivity,
                                              &DeviceModels::resistivity);
inline constexpr LayerArray depth_array("depth", Extent::layers, 0.0, &ModelBatch::depth,
                                        &ModelSet::depth, &DeviceModels::depth);
inline constexpr LayerArray thickness_array("thickness", Extent::interfaces, 0.0,
                                            &ModelBatch::thickness, &ModelSet::thickness,
                                            &DeviceModels::thickness);
inline constexpr LayerArray chargeability_array("chargeability", Extent::layers, 0.0,
                                                &ModelBatch::chargeability,
                                                &ModelSet::chargeability,
                                                &DeviceModels::chargeability);
inline constexpr LayerArray time_constant_array("time_constant", Extent::layers, 1.0,
                                                &ModelBatch::time_constant,
                                                &ModelSet::time_constant,
                                                &DeviceModels::time_constant);
inline constexpr LayerArray exponent_array("exponent", Extent::layers, 1.0, &ModelBatch::exponent,
                                           &ModelSet::exponent, &DeviceModels::exponent);
inline constexpr PerModelArray<std::int32_t> layer_count_array("layers", Extent::model, 0,
                                                               &ModelBatch::layer_count,
                                                               &ModelSet::layer_count,
                                                               &DeviceModels::layer_count);
inline constexpr PerModelArray<double> height_array("height", Extent::model, 0.0,
                                                    &ModelBatch::height, &ModelSet::height,
                                                    &DeviceModels::height);

/// The arrays in the order in which files are written. The order is part of their formats.
inline constexpr std::array layer_arrays{resistivity_array,   depth_array,         thickness_array,
                                         chargeability_array, time_constant_array, exponent_array};
inline constexpr std::tuple per_model_arrays{layer_count_array, height_array};

inline constexpr std::size_t model_array_count =
    layer_arrays.size() + std::tuple_size_v<decltype(per_model_arrays)>;

static_assert(sizeof(ModelSet) ==
                  2 * sizeof(std::int64_t) + model_array_count * sizeof(std::vector<double>),
              "an array of ModelSet is not in the lists above");
static_assert(sizeof(DeviceModels) ==
                  2 * sizeof(std::int64_t) + model_array_count * sizeof(const double*),
              "an array of DeviceModels is not in the lists above");

/// Calls action(array) for every array, the layers' first.
template <class Action>
constexpr void for_each_model_array(Action&& action) {
  for (const auto& array : layer_arrays) action(array);
  std::apply([&](const auto&... array) { (action(array), ...); }, per_model_arrays);
}

/// Views of dense arrays. Those in a device's memory cannot be read here, but their shapes can.
inline ModelBatch views_of(const DeviceModels& models) {
  ModelBatch batch;
  batch.models = models.models;
  batch.layers = models.layers;
  const auto view = [&](const auto& array, auto& to) {
    using View = std::remove_reference_t<decltype(to)>;
    if constexpr (std::is_same_v<View, MatrixView<const double>>) {
      to = {models.*array.pointer, models.models, array.columns(models.layers)};
    } else {
      to = {models.*array.pointer, models.models};
    }
  };
  for_each_model_array([&](const auto& array) { view(array, batch.*array.view); });
  return batch;
}

/// The names of all arrays, in their order.
inline constexpr auto model_array_names = [] {
  std::array<std::string_view, model_array_count> names;
  auto next = names.begin();
  for_each_model_array([&](const auto& array) { *next++ = array.name; });
  return names;
}();

/// The most bytes that the arrays of a model with this many layers take.
constexpr std::int64_t most_bytes_per_model(std::int64_t layers) {
  std::int64_t bytes = 0;
  for_each_model_array([&](const auto& array) {
    if (array.extent == Extent::interfaces) return;  // depths, one more, may be given instead
    bytes += array.columns(layers) * static_cast<std::int64_t>(sizeof(array.absent));
  });
  return bytes;
}

}  // namespace stratem::core
