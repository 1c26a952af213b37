// Models that are computed in pieces, between which a computation can be ended.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"

namespace stratem::dispatch {

/// The number of threads that compute on the host, in addition to one for each device.
int host_threads(const ExecutionOptions& options, std::size_t devices = 0);

/// A piece that takes some tenths of a second on the host.
std::int64_t models_at_once(Backend backend, const ExecutionOptions& options);

/// The responses of models; forward(models, responses) computes a piece of `at_once` models, and
/// checkpoint() is called before each.
template <class Forward, class Checkpoint>
Responses forward_in_pieces(const ModelBatch& models, std::int64_t gates, std::int64_t at_once,
                            const Forward& forward, const Checkpoint& checkpoint) {
  Responses responses(models.models, gates);
  const ResponseView view = responses.view();
  for (std::int64_t first = 0; first < models.models; first += at_once) {
    checkpoint();
    const std::int64_t count = std::min(at_once, models.models - first);
    forward(models.slice(first, count),
            ResponseView{view.response.slice(first, count), view.status.slice(first, count)});
  }
  return responses;
}

}  // namespace stratem::dispatch
