// Which backends this build has and whether they can run on this machine.
#pragma once

#include <string>
#include <vector>

#include "stratem/options.hpp"

namespace stratem {

struct BackendStatus {
  Backend backend;
  std::string description;  ///< one line
  bool usable = false;
  std::string reason;  ///< why it is not usable; empty if it is
};

/// In the order in which Backend::automatic prefers them.
std::vector<BackendStatus> backends();

}  // namespace stratem
