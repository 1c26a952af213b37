// The host's own cores as one more compute device, with one worker.
#pragma once

#include <cstdint>
#include <memory>

#include "core/backend/evaluator.hpp"
#include "core/backend/worker.hpp"

namespace stratem::dispatch {

/// A device whose only worker is an evaluator. The evaluator has its own threads and computes one
/// batch after another.
core::ComputeDevice host_device(std::shared_ptr<const core::Evaluator> evaluator, int threads,
                                std::int64_t gates);

}  // namespace stratem::dispatch
