#include "cli/bench_table.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/bench_options.hpp"
#include "cli/numbers.hpp"

namespace stratem::cli {
namespace {

double best(const BenchLine& line) { return *std::ranges::max_element(line.rates); }

double median(const BenchLine& line) {
  auto sorted = line.rates;
  std::ranges::sort(sorted);
  return sorted[sorted.size() / 2];
}

bool has_devices(const BenchLine& line) { return uses_devices(line.options.backend); }

/// All devices of a line together.
struct KernelSummary {
  double models_per_second = 0.0;
  double occupancy = 0.0;                 ///< mean
  std::optional<double> peak_fraction{};  ///< mean; none if one of them has none
};

KernelSummary summary_of(const std::vector<KernelRate>& rates) {
  const auto devices = static_cast<double>(rates.size());
  KernelSummary summary;
  summary.peak_fraction = 0.0;
  for (const auto& rate : rates) {
    summary.models_per_second += rate.models_per_second;
    summary.occupancy += rate.occupancy / devices;
    if (!rate.peak_fraction) summary.peak_fraction.reset();
    if (summary.peak_fraction) *summary.peak_fraction += *rate.peak_fraction / devices;
  }
  return summary;
}

/// The round whose rate is the median.
KernelSummary median_kernel(const BenchLine& line) {
  std::vector<KernelSummary> rounds;
  for (const auto& round : line.kernel) rounds.push_back(summary_of(round));
  std::ranges::sort(rounds, {}, &KernelSummary::models_per_second);
  return rounds[rounds.size() / 2];
}

bool same_but_threads_and_streams(const BenchLine& a, const BenchLine& b) {
  const Options& x = a.options;
  const Options& y = b.options;
  return a.layers == b.layers && x.backend == y.backend && x.tolerance == y.tolerance &&
         x.precision == y.precision && x.batch == y.batch;
}

/// The line to compare a line with: it has the fewest threads, and then the fewest streams, and is
/// otherwise the same.
const BenchLine& fewest_of(const BenchLine& line, const std::vector<BenchLine>& lines) {
  const auto workers = [](const BenchLine& each) {
    return std::pair(each.options.threads, each.options.streams);
  };
  const BenchLine* fewest = &line;
  for (const auto& other : lines) {
    if (same_but_threads_and_streams(line, other) && workers(other) < workers(*fewest)) {
      fewest = &other;
    }
  }
  return *fewest;
}

std::string threads_cell(const BenchLine& line) {
  if (!uses_cores(line.options.backend)) return "";
  return line.options.threads == 0 ? "all" : std::to_string(line.options.threads);
}

std::string streams_cell(const BenchLine& line) {
  return has_devices(line) ? std::to_string(line.options.streams) : "";
}

/// The parallel efficiency of threads. It is not given for streams, because their gain is not
/// proportional to their number.
std::string efficiency_cell(const BenchLine& line, const BenchLine& fewest) {
  if (has_devices(line) || line.options.threads == 0 || fewest.options.threads == 0) return "";
  const double threads =
      static_cast<double>(line.options.threads) / static_cast<double>(fewest.options.threads);
  return rounded(median(line) / median(fewest) / threads);
}

void append_kernel(std::vector<std::string>& row, const BenchLine& line) {
  if (line.kernel.empty()) {
    row.insert(row.end(), 3, "");
    return;
  }
  const KernelSummary kernel = median_kernel(line);
  row.push_back(rounded(kernel.models_per_second));
  row.push_back(rounded(kernel.occupancy));
  row.push_back(kernel.peak_fraction ? rounded(*kernel.peak_fraction) : "");
}

std::vector<std::string> heading(bool devices) {
  std::vector<std::string> row{"backend", "precision", "tolerance", "layers", "batch", "threads"};
  if (devices) row.emplace_back("streams");
  for (const char* name : {"best/s", "median/s", "speed-up", "efficiency"}) row.emplace_back(name);
  if (devices) {
    for (const char* name : {"kernel/s", "occupancy", "of peak"}) row.emplace_back(name);
  }
  return row;
}

std::vector<std::string> row_of(const BenchLine& line, const BenchLine& fewest, bool devices) {
  const Options& options = line.options;
  std::vector<std::string> row{std::string(to_string(options.backend)),
                               std::string(to_string(options.precision)),
                               exact(options.tolerance),
                               std::to_string(line.layers),
                               options.batch == 0 ? "chosen" : std::to_string(options.batch),
                               threads_cell(line)};
  if (devices) row.push_back(streams_cell(line));
  row.push_back(rounded(best(line)));
  row.push_back(rounded(median(line)));
  row.push_back(rounded(median(line) / median(fewest)));
  row.push_back(efficiency_cell(line, fewest));
  if (devices) append_kernel(row, line);
  return row;
}

}  // namespace

std::vector<std::vector<std::string>> bench_table(const std::vector<BenchLine>& lines) {
  const bool devices = std::ranges::any_of(lines, has_devices);
  std::vector<std::vector<std::string>> rows{heading(devices)};
  for (const auto& line : lines) rows.push_back(row_of(line, fewest_of(line, lines), devices));
  return rows;
}

}  // namespace stratem::cli
