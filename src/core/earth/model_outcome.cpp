#include "core/earth/model_outcome.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stratem::core {

SystemHeights::SystemHeights(const System& system)
    : transmitter_(system.moments.front().transmitters.front().height),
      lowest_(std::numeric_limits<double>::infinity()) {
  for (const auto& moment : system.moments) {
    for (const auto& transmitter : moment.transmitters) {
      lowest_ = std::min(lowest_, transmitter.height);
    }
    for (const auto& receiver : moment.receivers) lowest_ = std::min(lowest_, receiver.height);
  }
}

Status SystemHeights::change_of(const ModelBatch& models, std::int64_t index,
                                double& change) const {
  change = 0.0;
  if (models.height.empty()) return Status::ok;
  change = models.height[index] - transmitter_;
  return std::isfinite(change) && lowest_ + change >= 0.0 ? Status::ok : Status::bad_height;
}

void mark_failed(const ResponseView& responses, std::int64_t index, Status status) {
  responses.status[index] = status;
  for (std::int64_t gate = 0; gate < responses.response.columns(); ++gate) {
    responses.response(index, gate) = std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace stratem::core
