// Model files written piece by piece.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "stratem/grid.hpp"
#include "stratem/models.hpp"

namespace stratem::io {

/// A model file on its way. It appears when finished; destroyed before, it leaves nothing behind.
class ModelWriter {
 public:
  virtual ~ModelWriter() = default;
  /// The next models. All pieces have the arrays and layers of the first, and no more models than
  /// were announced.
  virtual void write(const ModelSet& piece) = 0;
  virtual void finish() = 0;
};

/// A writer of HDF5 or CSV, by the name's ending, for `models` models. `axes` are those of the grid
/// that the models are of; none if they are of no grid.
std::unique_ptr<ModelWriter> make_model_writer(const std::filesystem::path& path,
                                               std::int64_t models,
                                               const std::vector<GridAxis>& axes, bool overwrite);

}  // namespace stratem::io
