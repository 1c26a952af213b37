// The caller's arrays as the library's views.
#pragma once

#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/stratem.h"

namespace stratem::c {

/// Throws InputError if the struct is not as it must be. Shapes are checked by who computes.
ModelBatch view_of(const stratem_models* models);

/// Responses to that many models. Throws InputError if the struct is not as it must be, if an array
/// is missing, or if a stride puts numbers in the same place.
ResponseView view_of(const stratem_responses* responses, std::int64_t models);

}  // namespace stratem::c
