// The measurements of bench.
#pragma once

#include <cstdint>
#include <vector>

#include "cli/bench_table.hpp"
#include "stratem/kernel_rate.hpp"
#include "stratem/plan.hpp"

namespace stratem::cli {

struct BenchEffort {
  std::int64_t models_on_cores = 0;    ///< of a call
  std::int64_t models_on_devices = 0;  ///< of a call, for backends that use devices
  std::int64_t rounds = 0;
  double seconds = 0.0;  ///< the least duration of a turn

  std::int64_t models(Backend backend) const;
};

/// A line for every layer count and plan, in this order, each measured in every round. Models are
/// random over the declared range, which all plans share.
std::vector<BenchLine> measure_lines(const std::vector<Plan>& plans,
                                     const std::vector<std::int64_t>& layers,
                                     const BenchEffort& effort);

}  // namespace stratem::cli
