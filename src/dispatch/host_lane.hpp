// The host's own cores as one more place.
#pragma once

#include <cstdint>
#include <memory>

#include "dispatch/evaluator.hpp"
#include "dispatch/lane.hpp"

namespace stratem::dispatch {

/// A place of one lane: an evaluator with so many threads of its own, asked for one batch after
/// another.
Place host_place(std::shared_ptr<const Evaluator> evaluator, int threads, std::int64_t gates);

}  // namespace stratem::dispatch
