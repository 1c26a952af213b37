#include "core/backend/evaluator.hpp"

#include <algorithm>
#include <vector>

namespace stratem::core {

std::int64_t models_held_at_once(std::int64_t gates) {
  constexpr std::int64_t responses = std::int64_t{1} << 22;  // 32 MiB
  return std::max<std::int64_t>(1, responses / std::max<std::int64_t>(1, gates));
}

void Evaluator::accumulate(const ModelBatch& models, const VectorView<Status>& status,
                           ResponseHistograms& histograms) const {
  const std::int64_t gates = histograms.gates();
  const std::int64_t part = std::min(models.models, models_held_at_once(gates));
  std::vector<double> response(static_cast<std::size_t>(part * gates));
  for (std::int64_t first = 0; first < models.models; first += part) {
    const std::int64_t count = std::min(part, models.models - first);
    const VectorView<Status> statuses = status.slice(first, count);
    forward(models.slice(first, count), {{response.data(), count, gates}, statuses});
    histograms.add({response.data(), count, gates}, {statuses.data(), count, statuses.stride()});
  }
}

}  // namespace stratem::core
