// Leaves wavenumbers out of a window's sums in those models in which their modes have decayed.
#pragma once

#include <vector>

#include "core/plan/plan_table.hpp"

namespace stratem::core {

/// Returns the window with the gates of every geometry divided by time into parts. Each part
/// becomes a geometry with the same weights. It leaves out the wavenumbers whose modes are below
/// e^{-exponent} at its first gate. `times` are those of all gates, s. Rows of a geometry must be
/// in the order of their times.
PlanWindow without_decayed(const PlanWindow& window, const std::vector<double>& times,
                           double exponent);

}  // namespace stratem::core
