// The host's own cores as another place with one lane.
#pragma once

#include <cstdint>
#include <memory>

#include "core/backend/evaluator.hpp"
#include "core/backend/lane.hpp"

namespace stratem::dispatch {

/// A place with one lane: an evaluator that has its own threads and computes one batch after
/// another.
core::Place host_place(std::shared_ptr<const core::Evaluator> evaluator, int threads,
                       std::int64_t gates);

}  // namespace stratem::dispatch
