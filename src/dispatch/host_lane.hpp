// The host's own cores as another place with one lane.
#pragma once

#include <cstdint>
#include <memory>

#include "dispatch/evaluator.hpp"
#include "dispatch/lane.hpp"

namespace stratem::dispatch {

/// A place with one lane: an evaluator that has its own threads and computes one batch after
/// another.
Place host_place(std::shared_ptr<const Evaluator> evaluator, int threads, std::int64_t gates);

}  // namespace stratem::dispatch
