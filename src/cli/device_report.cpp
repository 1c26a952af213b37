#include "cli/device_report.hpp"

#include <iostream>
#include <string>

#include "cli/numbers.hpp"

namespace stratem::cli {

bool report_faults(Backend backend, const DeviceFaults& faults) {
  const std::string name(to_string(backend));
  for (const auto& device : faults.devices) std::cerr << name << ": gave up " << device << "\n";
  if (faults.models_on_cpu > 0) {
    std::cerr << name << ": the cpu computed " << counted(faults.models_on_cpu, "model")
              << " in its place\n";
  }
  return faults.any();
}

}  // namespace stratem::cli
