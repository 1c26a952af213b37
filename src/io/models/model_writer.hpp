// Model files written piece by piece.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "stratem/grid.hpp"
#include "stratem/models.hpp"

namespace stratem::io {

/// A model file that is being written. The file appears when it is finished. If the object is
/// destroyed before, no file is left behind.
class ModelWriter {
 public:
  virtual ~ModelWriter() = default;
  /// Writes the next models. All pieces must have the arrays and layers of the first, and together
  /// no more models than were announced.
  virtual void write(const ModelSet& piece) = 0;
  virtual void finish() = 0;
};

/// A writer of HDF5 or CSV, by the name's ending, for `models` models. `axes` are the axes of the
/// models' grid; none if there is no grid.
std::unique_ptr<ModelWriter> make_model_writer(const std::filesystem::path& path,
                                               std::int64_t models,
                                               const std::vector<GridAxis>& axes, bool overwrite);

}  // namespace stratem::io
