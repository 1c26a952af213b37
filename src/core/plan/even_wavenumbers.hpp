// Evenly spaced wavenumbers, whose weights do not depend on training models.
#pragma once

#include <optional>

#include "core/plan/wavenumber_nodes.hpp"

namespace stratem::core {

/// Wavenumbers spaced evenly in their logarithm with the weights of the trapezoidal rule. These
/// suit all models equally, including models outside the training. Only the first three weights,
/// which represent all smaller wavenumbers, are fitted. Returns the fewest wavenumbers whose sums
/// over the training rows are within `worst` of those of many more. Returns nothing if even those
/// do not resolve the integrand, as happens near the ground. Needs `target.integrand`. The finer
/// rule has two fifths more wavenumbers a decade and extends over the full range.
std::optional<WavenumberRules> even_wavenumber_rules(const WavenumberTarget& target, double worst);

}  // namespace stratem::core
