// Which backends this build has and whether they can run on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/options.hpp"

namespace stratem {

struct BackendStatus {
  Backend backend;
  std::string description;  ///< one line
  bool usable = false;
  std::string reason;  ///< why it is not usable; empty if it is
};

/// In the order in which Backend::automatic prefers them. It never takes hybrid, which is last:
/// with hybrid, a model's last digits depend on which device happened to compute it.
STRATEM_EXPORT std::vector<BackendStatus> backends();

/// A device that the cuda backend can use.
struct Device {
  int ordinal = 0;  ///< what ExecutionOptions::devices calls it
  std::string name;
  std::int64_t memory = 0;         ///< bytes in all
  std::string compute_capability;  ///< such as "9.0"
  std::string driver;              ///< the newest version of CUDA that its driver knows
};

/// All visible devices, ordered by ordinal; none where the cuda backend is not usable.
STRATEM_EXPORT std::vector<Device> devices();

/// What went wrong with the devices of a plan since it was made.
struct DeviceFaults {
  std::vector<std::string> devices;  ///< those that were given up, each with the reason
  /// Models that the cpu computed in their place. With hybrid, models that the cpu would compute
  /// anyway do not count.
  std::int64_t models_on_cpu = 0;

  bool any() const { return !devices.empty() || models_on_cpu > 0; }
  void add(const DeviceFaults& others) {
    devices.insert(devices.end(), others.devices.begin(), others.devices.end());
    models_on_cpu += others.models_on_cpu;
  }
};

}  // namespace stratem
