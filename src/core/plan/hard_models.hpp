// Models for which a plan may have large errors, found without the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stratem/responses.hpp"

namespace stratem::core {

/// The models in which two plans, fitted to the same models, differ most: `count` for each window.
/// They are chosen by the largest difference at the window's gates relative to `size`, [models x
/// gates]. `windows` lists the gates of each window. Returns the models' numbers in increasing
/// order, each once.
std::vector<std::int64_t> hard_models(const Responses& one, const Responses& other,
                                      const std::vector<double>& size,
                                      const std::vector<std::vector<std::int64_t>>& windows,
                                      std::ptrdiff_t count);

}  // namespace stratem::core
