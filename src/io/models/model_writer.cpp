#include "io/models/model_writer.hpp"

#include <string>

#include "core/earth/model_arrays.hpp"
#include "io/ending.hpp"
#include "io/hdf5/output_file.hpp"
#include "io/models/grid_hdf5.hpp"
#include "io/models/models_csv.hpp"
#include "io/models/models_hdf5.hpp"
#include "io/output_file.hpp"

namespace stratem::io {
namespace {

class Hdf5Writer final : public ModelWriter {
 public:
  Hdf5Writer(const std::filesystem::path& path, std::int64_t models,
             const std::vector<GridAxis>& axes, bool overwrite)
      : file_(path, overwrite), models_(models) {
    if (!axes.empty()) write_grid_axes(file_, axes);
  }

  void write(const ModelSet& piece) override {
    core::for_each_model_array([&](const auto& array) {
      const auto& values = piece.*array.values;
      // Resistivity is written even for no models: it says how many models and layers there are.
      if (values.empty() && !array.required()) return;
      write_rows(array.name, dataset_shape(array, models_, piece.layers), values, piece.models);
    });
    written_ += piece.models;
  }

  void finish() override { file_.commit(); }

 private:
  template <class Stored>
  void write_rows(std::string_view name, const hdf5::Shape& shape,
                  const std::vector<Stored>& values, std::int64_t models) {
    const std::string dataset(name);
    if (written_ == 0) file_.create<Stored>(dataset, shape);
    file_.write_rows(dataset, written_, values.data(), models);
  }

  hdf5::OutputFile file_;
  std::int64_t models_;
  std::int64_t written_ = 0;
};

class CsvWriter final : public ModelWriter {
 public:
  CsvWriter(const std::filesystem::path& path, const std::vector<GridAxis>& axes, bool overwrite)
      : file_(path, overwrite), text_(grid_axes_to_csv(axes)) {}

  void write(const ModelSet& piece) override {
    if (first_) text_ += model_csv_header(piece);
    first_ = false;
    append_model_rows(text_, piece);
    file_.append(text_);
    text_.clear();
  }

  void finish() override { file_.commit(); }

 private:
  OutputFile file_;
  std::string text_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<ModelWriter> make_model_writer(const std::filesystem::path& path,
                                               std::int64_t models,
                                               const std::vector<GridAxis>& axes, bool overwrite) {
  if (kind_of(path) == FileKind::hdf5) {
    return std::make_unique<Hdf5Writer>(path, models, axes, overwrite);
  }
  return std::make_unique<CsvWriter>(path, axes, overwrite);
}

}  // namespace stratem::io
