// The reference backend, which defines the correct response.
#pragma once

#include <memory>

#include "core/backend/evaluator.hpp"
#include "stratem/options.hpp"
#include "stratem/system.hpp"

namespace stratem::reference {

/// Makes an evaluator that uses plain double arithmetic and computes one model at a time on each
/// thread. The result does not depend on the number of threads, the batch or its order.
std::unique_ptr<core::Evaluator> make_evaluator(const System& system,
                                                const ExecutionOptions& options);

}  // namespace stratem::reference
