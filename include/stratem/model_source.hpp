// The sources of a run's models, read piece by piece: a file, a prior, a grid, or the caller's own
// source.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/grid.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/sampling.hpp"

namespace stratem {

/// The properties that a plan must be declared for to compute the models of a source.
struct ModelNeeds {
  /// Smallest and largest transmitter height, m; nothing if the models have no heights, or no
  /// allowed ones.
  std::optional<Range> height;
  bool brings_heights = false;
  bool polarizable = false;  ///< some chargeability is above 0
};

/// A sequence of models that can be read in any pieces. The models are the same whenever and
/// however they are read.
class STRATEM_EXPORT ModelSource {
 public:
  virtual ~ModelSource() = default;

  virtual std::int64_t models() const = 0;
  virtual std::int64_t layers() const = 0;
  /// Models first .. first + count - 1. A run calls it from one thread at a time, which is not the
  /// thread that started the run.
  virtual ModelSet read(std::int64_t first, std::int64_t count) const = 0;
  virtual ModelNeeds needs() const = 0;
  /// A JSON object that no other sequence of models has. It tells whether a resumed run, or the
  /// parts that are merged, have the same models.
  virtual std::string identity() const = 0;
  /// The axes of the grid that the models form, slowest first; none if there is no grid.
  virtual std::vector<GridAxis> axes() const { return {}; }
};

/// The models of an HDF5 or CSV file, by the name's ending; HDF5 is read piece by piece. needs()
/// reads all heights and chargeabilities. identity() holds a checksum of the values and reads all
/// datasets once (about a second for 10 million three-layer models).
STRATEM_EXPORT std::unique_ptr<ModelSource> open_models(const std::filesystem::path& path);

/// Models 0 .. count - 1 of the sequence that `seed` starts; see sample(). Throws InputError as
/// sample() does.
STRATEM_EXPORT std::unique_ptr<ModelSource> prior_source(Prior prior, std::uint64_t seed,
                                                         std::int64_t count);

/// All models of a grid; see grid_models().
STRATEM_EXPORT std::unique_ptr<ModelSource> grid_source(Grid grid);

}  // namespace stratem
