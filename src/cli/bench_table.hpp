// What bench measured, as a table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stratem/kernel_rate.hpp"
#include "stratem/options.hpp"

namespace stratem::cli {

/// One line of the table.
struct BenchLine {
  Options options;  ///< with the backend that computes
  std::int64_t layers = 0;
  std::vector<double> rates;  ///< models a second of Plan::forward, of each round
  /// The kernel alone on each device, of each round; empty without devices.
  std::vector<std::vector<KernelRate>> kernel{};
};

/// The heading and a row for each line, all with a rate at least. Columns of devices are there if a
/// line uses them, and their cells empty in lines that do not.
std::vector<std::vector<std::string>> bench_table(const std::vector<BenchLine>& lines);

}  // namespace stratem::cli
