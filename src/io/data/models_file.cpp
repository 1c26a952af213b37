#include "io/data/file_kind.hpp"
#include "io/data/model_arrays.hpp"
#include "io/data/models_csv.hpp"
#include "io/data/models_hdf5.hpp"
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
  const auto kind = io::kind_of(path);
  io::check_models(models, path.string());
  if (kind == io::FileKind::hdf5) {
    io::write_models_hdf5(path, models, overwrite);
    return;
  }
  io::write_text(path, io::models_to_csv(models), overwrite);
}

}  // namespace stratem
