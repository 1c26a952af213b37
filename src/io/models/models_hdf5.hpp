// Models read from HDF5.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/earth/model_arrays.hpp"
#include "io/hdf5/input_file.hpp"
#include "stratem/grid.hpp"
#include "stratem/models.hpp"

namespace stratem::io {

/// The shape of the dataset that holds an array of core::for_each_model_array.
template <class Array>
hdf5::Shape dataset_shape(const Array& array, std::int64_t models, std::int64_t layers) {
  if (array.extent == core::Extent::model) return {models};
  return {models, array.columns(layers)};
}

/// An HDF5 model file. Names and shapes are checked when it is opened. It is read in any pieces.
class ModelFileHdf5 {
 public:
  /// Throws IoError if the file cannot be opened, InputError if it is damaged or its datasets do
  /// not fit together.
  explicit ModelFileHdf5(const std::filesystem::path& path);

  std::int64_t models() const { return models_; }
  std::int64_t layers() const { return layers_; }

  /// The models first .. first + count - 1.
  ModelSet read(std::int64_t first, std::int64_t count) const;
  /// The axes of the models' grid; none if there is no grid.
  std::vector<GridAxis> axes() const;
  bool has_heights() const;
  /// The heights of some models, and all chargeabilities of their layers; empty if there are none.
  std::vector<double> heights(std::int64_t first, std::int64_t count) const;
  std::vector<double> chargeabilities(std::int64_t first, std::int64_t count) const;

 private:
  void check_names() const;
  void check_shape(std::string_view dataset, const hdf5::Shape& allowed) const;
  std::vector<double> rows_if_there(std::string_view dataset, std::int64_t first,
                                    std::int64_t count) const;
  std::vector<std::int32_t> whole_numbers(const std::vector<double>& values,
                                          std::string_view dataset, std::int64_t first) const;

  hdf5::InputFile file_;
  std::int64_t models_ = 0;
  std::int64_t layers_ = 0;
};

}  // namespace stratem::io
