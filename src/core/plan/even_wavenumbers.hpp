// Wavenumbers that owe nothing to models.
#pragma once

#include <optional>

#include "core/plan/wavenumber_nodes.hpp"

namespace stratem::core {

/// Wavenumbers spaced evenly in their logarithm with the weights of the trapezoidal rule, which
/// suit models alike that were never seen; only the first three, which stand for all wavenumbers
/// below, are fitted. The fewest whose sums over the training rows are within `worst` of those of
/// many more. Nothing where not even these resolve the integrand, as near the ground. Needs
/// `target.integrand`. The finer rule has two fifths more
/// wavenumbers a decade and leaves out none at the ends.
std::optional<WavenumberRules> even_wavenumber_rules(const WavenumberTarget& target, double worst);

}  // namespace stratem::core
