#include "dispatch/range_guard.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <utility>

#include "core/earth/model_outcome.hpp"

namespace stratem::dispatch {
namespace {

constexpr std::int64_t models_per_block = 16384;

std::int64_t layers_of(const ModelBatch& models, std::int64_t index) {
  return models.layer_count.empty() ? models.layers : models.layer_count[index];
}

/// The numbers of 0 .. count - 1 that are not in `some`, which must be in increasing order.
std::vector<std::int64_t> all_but(const std::vector<std::int64_t>& some, std::int64_t count) {
  std::vector<std::int64_t> rest;
  rest.reserve(static_cast<std::size_t>(count) - some.size());
  auto next = some.begin();
  for (std::int64_t i = 0; i < count; ++i) {
    if (next != some.end() && *next == i) {
      ++next;
    } else {
      rest.push_back(i);
    }
  }
  return rest;
}

/// Whether a model that has no other fault lies inside the range. A model with an impossible layer
/// count counts as inside, because its status reports that fault, whatever its layers.
bool in_range(const ModelBatch& models, std::int64_t index, const core::DeclaredRange& range) {
  const std::int64_t layers = layers_of(models, index);
  if (layers < 1 || layers > models.layers) return true;
  const bool polarized = !models.chargeability.empty();
  for (std::int64_t i = 0; i < layers; ++i) {
    if (!range.has_layer(models.resistivity(index, i),
                         polarized ? models.chargeability(index, i) : 0.0,
                         polarized ? models.exponent(index, i) : 1.0)) {
      return false;
    }
  }
  return models.height.empty() ? range.has_system_height() : range.has_height(models.height[index]);
}

}  // namespace

RangeGuard::RangeGuard(std::unique_ptr<core::Evaluator> inside,
                       std::unique_ptr<core::Evaluator> outside, const Options& options,
                       const System& system)
    : inside_(std::move(inside)),
      outside_(std::move(outside)),
      range_(options, system),
      threads_(options.threads) {}

void RangeGuard::forward(const ModelBatch& models, const ResponseView& responses) const {
  inside_->forward(models, responses);
  const std::vector<std::int64_t> outside = outside_range(models, &responses.status);
  if (outside.empty()) return;
  if (outside_) {
    recompute(models, outside, responses);
    return;
  }
  for (const auto m : outside) core::mark_failed(responses, m, Status::out_of_range);
}

void RangeGuard::accumulate(const ModelBatch& models, const VectorView<Status>& status,
                            core::ResponseHistograms& histograms) const {
  const std::vector<std::int64_t> outside = outside_range(models, nullptr);
  if (outside.empty()) {
    inside_->accumulate(models, status, histograms);
    return;
  }
  const auto add = [&](const std::vector<std::int64_t>& indices, auto&& accumulate_some) {
    const ModelSet some = select_models(models, indices);
    std::vector<Status> found(indices.size());
    accumulate_some(some.view(), VectorView<Status>(found.data(), some.models));
    for (std::size_t i = 0; i < indices.size(); ++i) status[indices[i]] = found[i];
  };
  add(all_but(outside, models.models), [&](const ModelBatch& some, const VectorView<Status>& to) {
    inside_->accumulate(some, to, histograms);
  });
  // This calls forward(), which handles each model as the options say.
  add(outside, [&](const ModelBatch& some, const VectorView<Status>& to) {
    core::Evaluator::accumulate(some, to, histograms);
  });
}

std::vector<std::int64_t> RangeGuard::outside_range(const ModelBatch& models,
                                                    const VectorView<Status>* status) const {
  // In parallel, because one thread alone would take a tenth of the time that devices need.
  const std::int64_t blocks = (models.models + models_per_block - 1) / models_per_block;
  std::vector<std::vector<std::int64_t>> outside(static_cast<std::size_t>(blocks));
  const auto look_through = [&](std::int64_t block) {
    const std::int64_t first = block * models_per_block;
    const std::int64_t last = std::min(first + models_per_block, models.models);
    for (std::int64_t m = first; m < last; ++m) {
      // Outside its range the plan may fail to give a number at all.
      const Status found = status != nullptr ? (*status)[m] : Status::ok;
      if (found != Status::ok && found != Status::failed) continue;
      if (in_range(models, m, range_)) continue;
      outside[static_cast<std::size_t>(block)].push_back(m);
    }
  };
  if (blocks == 1) {
    look_through(0);
  } else {
    tbb::task_arena arena(threads_ > 0 ? threads_ : tbb::task_arena::automatic);
    arena.execute([&] { tbb::parallel_for(std::int64_t{0}, blocks, look_through); });
  }
  std::vector<std::int64_t> all;
  for (const auto& found : outside) all.insert(all.end(), found.begin(), found.end());
  return all;
}

void RangeGuard::recompute(const ModelBatch& models, const std::vector<std::int64_t>& indices,
                           const ResponseView& responses) const {
  const ModelSet set = select_models(models, indices);
  Responses computed(set.models, responses.response.columns());
  outside_->forward(set.view(), computed.view());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    responses.status[indices[i]] = computed.status[i];
    for (std::int64_t g = 0; g < computed.gates; ++g) {
      responses.response(indices[i], g) = computed(row, g);
    }
  }
}

}  // namespace stratem::dispatch
