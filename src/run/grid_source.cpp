// The combinations of a grid, made during a run.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/sampling/layer_parameters.hpp"
#include "stratem/grid.hpp"
#include "stratem/model_source.hpp"

namespace stratem {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Grid& grid) {
  Json json{{"layers", Json::array()}, {"height", grid.height}};
  for (const auto& layer : grid.layers) {
    Json object;
    core::for_each_layer_parameter([&](const auto& parameter) {
      object[std::string(parameter.array.name)] = parameter.of(layer);
    });
    json["layers"].push_back(std::move(object));
  }
  return json;
}

class GridSource final : public ModelSource {
 public:
  explicit GridSource(Grid grid) : grid_(std::move(grid)) {
    check(grid_);
    models_ = grid_size(grid_);
  }

  std::int64_t models() const override { return models_; }
  std::int64_t layers() const override { return static_cast<std::int64_t>(grid_.layers.size()); }
  ModelSet read(std::int64_t first, std::int64_t count) const override {
    return grid_models(grid_, first, count);
  }

  ModelNeeds needs() const override {
    ModelNeeds needs;
    if (!grid_.height.empty()) {
      const auto [min, max] = std::ranges::minmax(grid_.height);
      needs.brings_heights = true;
      needs.height = {min, max};
    }
    needs.polarizable = std::ranges::any_of(grid_.layers, [](const GridLayer& layer) {
      return std::ranges::any_of(layer.chargeability, [](double m) { return m > 0.0; });
    });
    return needs;
  }

  std::string identity() const override {
    return Json{{"source", "grid"}, {"models", models_}, {"grid", to_json(grid_)}}.dump();
  }

  std::vector<GridAxis> axes() const override { return grid_axes(grid_); }

 private:
  Grid grid_;
  std::int64_t models_ = 0;
};

}  // namespace

std::unique_ptr<ModelSource> grid_source(Grid grid) {
  return std::make_unique<GridSource>(std::move(grid));
}

}  // namespace stratem
