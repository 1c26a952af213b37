#include "core/earth/declared_range.hpp"

#include <cmath>

namespace stratem::core {
namespace {

constexpr double slack = 1e-9;  // relative

Range widened(const Range& range) {
  return {range.min - slack * std::abs(range.min), range.max + slack * std::abs(range.max)};
}

double system_height(const System& system) {
  return system.moments.front().transmitters.front().height;
}

}  // namespace

DeclaredRange::DeclaredRange(const PlanOptions& options, const System& system)
    : resistivity_(widened(options.resistivity)),
      height_(
          widened(options.height.value_or(Range{system_height(system), system_height(system)}))),
      polarizable_(options.polarizable),
      has_system_height_(has_height(system_height(system))) {}

}  // namespace stratem::core
