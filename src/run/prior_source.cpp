// Models drawn during a run.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/sampling/distribution.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"
#include "stratem/model_source.hpp"

namespace stratem {
namespace {

class PriorSource final : public ModelSource {
 public:
  PriorSource(Prior prior, std::uint64_t seed, std::int64_t count)
      : prior_(std::move(prior)), seed_(seed), count_(count) {
    // Throws if the prior or the last model's number is not allowed.
    sample(prior_, seed_, count_, 0);
    if (count_ < 0) throw InputError("count: " + std::to_string(count_) + ", allowed is 0 or more");
  }

  std::int64_t models() const override { return count_; }
  std::int64_t layers() const override { return static_cast<std::int64_t>(prior_.layers.size()); }
  ModelSet read(std::int64_t first, std::int64_t count) const override {
    return sample(prior_, seed_, first, count);
  }

  ModelNeeds needs() const override {
    ModelNeeds needs;
    if (prior_.height) {
      const auto [min, max] = core::support(*prior_.height);
      needs.brings_heights = true;
      needs.height = {min, max};
    }
    needs.polarizable = std::ranges::any_of(prior_.layers, [](const LayerPrior& layer) {
      return layer.chargeability && core::support(*layer.chargeability).max > 0.0;
    });
    return needs;
  }

  std::string identity() const override {
    const nlohmann::ordered_json json{{"source", "prior"},
                                      {"models", count_},
                                      {"seed", seed_},
                                      {"prior", nlohmann::ordered_json::parse(to_json(prior_))}};
    return json.dump();
  }

 private:
  Prior prior_;
  std::uint64_t seed_;
  std::int64_t count_;
};

}  // namespace

std::unique_ptr<ModelSource> prior_source(Prior prior, std::uint64_t seed, std::int64_t count) {
  return std::make_unique<PriorSource>(std::move(prior), seed, count);
}

}  // namespace stratem
