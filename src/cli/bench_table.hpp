// The results of bench as a table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stratem/kernel_rate.hpp"
#include "stratem/options.hpp"

namespace stratem::cli {

/// One line of the table.
struct BenchLine {
  Options options;  ///< with the backend that computed
  std::int64_t layers = 0;
  std::vector<double> rates;  ///< models a second of Plan::forward, of each round
  /// The kernel alone on each device, of each round; empty without devices.
  std::vector<std::vector<KernelRate>> kernel{};
};

/// The heading and a row for each line. Each line must have at least one rate. There are columns of
/// devices if a line uses them; their cells are empty in lines that do not.
std::vector<std::vector<std::string>> bench_table(const std::vector<BenchLine>& lines);

}  // namespace stratem::cli
