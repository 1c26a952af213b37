// Moments that share their loops and receivers, as the two moments of a SkyTEM system do.
#pragma once

#include <cstdint>
#include <vector>

#include "stratem/system.hpp"

namespace stratem::core {

/// A moment of a group: its weight over wavenumber is `gain` times that of the group's first
/// moment.
struct GroupMember {
  std::size_t moment = 0;       ///< index in the system
  std::int64_t first_gate = 0;  ///< column of its first gate among the responses of the system
  double gain = 1.0;
};

/// The factor of the sum over loops of a moment, turns not included: its scale divided by the
/// normalization's divisor.
double moment_gain(const Moment& moment, Normalization normalization);

/// Groups the moments whose transmitters and receivers are the same except for a common factor of
/// turns, scale and normalization. One transform F(s) serves all moments of a group.
std::vector<std::vector<GroupMember>> geometry_groups(const System& system);

}  // namespace stratem::core
