#include <algorithm>

#include "io/ending.hpp"
#include "io/models/model_arrays.hpp"
#include "io/models/model_writer.hpp"
#include "io/models/models_csv.hpp"
#include "io/models/models_hdf5.hpp"
#include "io/text_file.hpp"
#include "stratem/io.hpp"

namespace stratem {

ModelSet read_models(const std::filesystem::path& path) {
  if (io::kind_of(path) == io::FileKind::hdf5) {
    const io::ModelFileHdf5 file(path);
    return file.read(0, file.models());
  }
  ModelSet models = io::models_from_csv(io::read_text(path), path.string());
  io::check_models(models, path.string());
  return models;
}

void write_models(const std::filesystem::path& path, const ModelSet& models, bool overwrite) {
  io::kind_of(path);
  io::check_models(models, path.string());
  const auto file = io::make_model_writer(path, models.models, {}, overwrite);
  file->write(models);
  file->finish();
}

void write_models(const std::filesystem::path& path, const Grid& grid, bool overwrite,
                  const std::function<void(std::int64_t)>& progress) {
  // A piece has this many numbers of each array. They fit into memory and are written fast.
  constexpr std::int64_t numbers_held = std::int64_t{1} << 20;
  check(grid);
  const std::int64_t models = grid_size(grid);
  const std::int64_t piece =
      std::max<std::int64_t>(1, numbers_held / static_cast<std::int64_t>(grid.layers.size()));
  const auto file = io::make_model_writer(path, models, grid_axes(grid), overwrite);
  for (std::int64_t done = 0; done < models;) {
    if (progress) progress(done);
    const std::int64_t count = std::min(piece, models - done);
    file->write(grid_models(grid, done, count));
    done += count;
  }
  file->finish();
}

}  // namespace stratem
