// Models of a file: HDF5 read piece by piece, CSV held in memory.
#include <tbb/task_group.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/checksum.hpp"
#include "core/earth/model_arrays.hpp"
#include "io/ending.hpp"
#include "io/models/model_arrays.hpp"
#include "io/models/models_hdf5.hpp"
#include "stratem/io.hpp"
#include "stratem/model_source.hpp"

namespace stratem {
namespace {

/// A piece has this many layers. It is read fast and takes little memory.
constexpr std::int64_t piece_layers = std::int64_t{1} << 18;

/// Collects what a plan must be declared for.
class NeedsOfModels {
 public:
  void add(std::span<const double> heights, std::span<const double> chargeabilities) {
    for (const double height : heights) {
      if (!std::isfinite(height) || height < 0.0) continue;  // a bad model
      range_ = {std::min(range_.min, height), std::max(range_.max, height)};
    }
    polarizable_ |= std::ranges::any_of(chargeabilities, [](double m) { return m > 0.0; });
  }

  ModelNeeds result(bool brings_heights) const {
    ModelNeeds needs;
    if (range_.min <= range_.max) needs.height = range_;
    needs.brings_heights = brings_heights;
    needs.polarizable = polarizable_;
    return needs;
  }

 private:
  Range range_{std::numeric_limits<double>::infinity(), 0.0};
  bool polarizable_ = false;
};

/// A checksum of each array of the models, however they are cut into pieces.
class ArrayChecksums {
 public:
  void add(const ModelSet& models) {
    // Each array's checksum continues where the last piece ended. So arrays run in parallel, not
    // pieces.
    tbb::task_group tasks;
    auto next = sums_.begin();
    core::for_each_model_array([&](const auto& array) {
      tasks.run([&values = models.*array.values, &sum = *next++] {
        sum = base::checksum(std::span(values), sum);
      });
    });
    tasks.wait();
  }

  /// The checksums of all arrays; an absent array has the checksum of no numbers.
  std::uint64_t all() const { return base::checksum(std::span<const std::uint64_t>(sums_)); }

 private:
  std::array<std::uint64_t, core::model_array_count> sums_{};
};

std::string identity_of(std::int64_t models, std::int64_t layers, const ArrayChecksums& checksums) {
  const nlohmann::ordered_json json{
      {"source", "file"}, {"models", models}, {"layers", layers}, {"checksum", checksums.all()}};
  return json.dump();
}

class Hdf5Source final : public ModelSource {
 public:
  explicit Hdf5Source(const std::filesystem::path& path) : file_(path) {}

  std::vector<GridAxis> axes() const override { return file_.axes(); }

  std::int64_t models() const override { return file_.models(); }
  std::int64_t layers() const override { return file_.layers(); }
  ModelSet read(std::int64_t first, std::int64_t count) const override {
    return file_.read(first, count);
  }

  ModelNeeds needs() const override {
    NeedsOfModels needs;
    for_pieces([&](std::int64_t first, std::int64_t count) {
      needs.add(file_.heights(first, count), file_.chargeabilities(first, count));
    });
    return needs.result(file_.has_heights());
  }

  std::string identity() const override {
    ArrayChecksums checksums;
    for_pieces(
        [&](std::int64_t first, std::int64_t count) { checksums.add(file_.read(first, count)); });
    return identity_of(models(), layers(), checksums);
  }

 private:
  template <class Action>
  void for_pieces(Action&& action) const {
    const std::int64_t piece = std::max<std::int64_t>(1, piece_layers / layers());
    for (std::int64_t first = 0; first < models(); first += piece) {
      action(first, std::min(piece, models() - first));
    }
  }

  io::ModelFileHdf5 file_;
};

class HeldSource final : public ModelSource {
 public:
  explicit HeldSource(ModelSet models) : models_(std::move(models)) {}

  std::int64_t models() const override { return models_.models; }
  std::int64_t layers() const override { return models_.layers; }
  ModelSet read(std::int64_t first, std::int64_t count) const override {
    return io::models_between(models_, first, count);
  }

  ModelNeeds needs() const override {
    NeedsOfModels needs;
    needs.add(models_.height, models_.chargeability);
    return needs.result(!models_.height.empty());
  }

  std::string identity() const override {
    ArrayChecksums checksums;
    checksums.add(models_);
    return identity_of(models(), layers(), checksums);
  }

 private:
  ModelSet models_;
};

}  // namespace

std::unique_ptr<ModelSource> open_models(const std::filesystem::path& path) {
  if (io::kind_of(path) == io::FileKind::hdf5) return std::make_unique<Hdf5Source>(path);
  return std::make_unique<HeldSource>(read_models(path));
}

}  // namespace stratem
