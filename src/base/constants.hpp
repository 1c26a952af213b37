// Physical constants.
#pragma once

#include <numbers>

namespace stratem::base {

/// Magnetic permeability of free space, H/m (the value of design and field codes, before the SI of
/// 2019).
inline constexpr double mu0 = 4e-7 * std::numbers::pi;

}  // namespace stratem::base
