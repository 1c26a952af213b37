// Which wavenumbers a window's gates need not sum up in a model: those whose modes have died out.
#pragma once

#include <vector>

#include "core/plan_table.hpp"

namespace stratem::core {

/// The same window with the gates of every geometry parted by time, each part a geometry with the
/// same weights that leaves out the wavenumbers whose modes are below e^{-exponent} at its first
/// gate. `times` are those of all gates, s. Rows of a geometry stand in the order of their times.
PlanWindow without_decayed(const PlanWindow& window, const std::vector<double>& times,
                           double exponent);

}  // namespace stratem::core
