// The options that bench varies and its table of results, without measuring.
#include "cli/bench_table.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "cli/bench_options.hpp"
#include "cli/plan_options.hpp"
#include "stratem/error.hpp"

namespace stratem::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Arguments arguments_of(const std::vector<const char*>& words) {
  Usage usage;
  usage.verb = "bench";
  usage.options = plan_option_specs();
  return {usage, words};
}

/// Threads and streams of each combination.
std::vector<std::pair<int, int>> workers(const std::vector<const char*>& words) {
  std::vector<std::pair<int, int>> found;
  for (const auto& options : bench_options(arguments_of(words))) {
    found.emplace_back(options.threads, options.streams);
  }
  return found;
}

TEST(BenchOptions, GiveCudaOneToFourStreams) {
  EXPECT_THAT(workers({"--backend", "cuda"}),
              ElementsAre(Pair(0, 1), Pair(0, 2), Pair(0, 3), Pair(0, 4)));
  EXPECT_THAT(workers({"--backend", "hybrid"}), ElementsAre(Pair(0, 3)));
}

TEST(BenchOptions, VaryStreamsWhereDevicesComputeAndThreadsWhereCoresDo) {
  const std::vector<const char*> lists{"--threads", "1,2", "--streams", "1,5"};
  const auto of = [&lists](const char* backend) {
    std::vector<const char*> words{"--backend", backend};
    words.insert(words.end(), lists.begin(), lists.end());
    return workers(words);
  };
  EXPECT_THAT(of("cpu"), ElementsAre(Pair(1, 3), Pair(2, 3)));
  EXPECT_THAT(of("cuda"), ElementsAre(Pair(0, 1), Pair(0, 5)));
  EXPECT_THAT(of("hybrid"), ElementsAre(Pair(1, 1), Pair(1, 5), Pair(2, 1), Pair(2, 5)));
}

TEST(BenchOptions, AreEveryCombination) {
  const auto all = bench_options(
      arguments_of({"--backend", "cpu,cuda", "--tolerance", "1e-3,1e-4", "--precision",
                    "double,single", "--batch", "0,64", "--threads", "1", "--streams", "2"}));
  ASSERT_EQ(all.size(), 16U);
  EXPECT_EQ(all.front().backend, Backend::cpu);
  EXPECT_EQ(all.back().backend, Backend::cuda);
  EXPECT_EQ(all.back().tolerance, 1e-4);
  EXPECT_EQ(all.back().precision, Precision::float32);
  EXPECT_EQ(all.back().batch, 64);
}

TEST(BenchOptions, NameTheBackendThatAutoStandsFor) {
  for (const auto& options : bench_options(arguments_of({"--backend", "auto"}))) {
    EXPECT_NE(options.backend, Backend::automatic);
  }
}

TEST(BenchOptions, RejectValuesThoughNoBackendNeedsThem) {
  EXPECT_THROW(workers({"--backend", "cpu", "--streams", "1,17"}), InputError);
  EXPECT_THROW(workers({"--backend", "cuda", "--threads", "1,-1"}), InputError);
}

BenchLine line_of(Backend backend, int threads, int streams, std::vector<double> rates) {
  BenchLine line;
  line.options.backend = backend;
  line.options.threads = threads;
  line.options.streams = streams;
  line.layers = 3;
  line.rates = std::move(rates);
  return line;
}

KernelRate kernel_of(double rate, double occupancy, std::optional<double> peak_fraction) {
  KernelRate kernel;
  kernel.models_per_second = rate;
  kernel.occupancy = occupancy;
  kernel.peak_fraction = peak_fraction;
  return kernel;
}

TEST(BenchTable, OfTheCpuSaysNothingOfDevices) {
  const auto rows = bench_table(
      {line_of(Backend::cpu, 1, 3, {100, 300, 200}), line_of(Backend::cpu, 2, 3, {300, 300, 300})});
  EXPECT_THAT(rows,
              ElementsAre(ElementsAre("backend", "precision", "tolerance", "layers", "batch",
                                      "threads", "best/s", "median/s", "speed-up", "efficiency"),
                          ElementsAre("cpu", "double", "1e-04", "3", "chosen", "1", "300", "200",
                                      "1.00", "1.00"),
                          ElementsAre("cpu", "double", "1e-04", "3", "chosen", "2", "300", "300",
                                      "1.50", "0.750")));
}

/// The cells of a row by their column.
std::map<std::string, std::string> cells(const std::vector<std::vector<std::string>>& rows,
                                         std::size_t line) {
  std::map<std::string, std::string> found;
  for (std::size_t c = 0; c < rows.front().size(); ++c) {
    found[rows.front()[c]] = rows[line + 1].at(c);
  }
  return found;
}

TEST(BenchTable, ComparesStreamsAndLeavesOtherLinesEmpty) {
  auto one = line_of(Backend::cuda, 0, 1, {4e6});
  auto four = line_of(Backend::cuda, 0, 4, {6e6});
  one.kernel = four.kernel = {{kernel_of(8e6, 0.375, 0.25)}};
  const auto rows = bench_table({four, line_of(Backend::cpu, 1, 3, {1e5}), one});
  EXPECT_THAT(rows.front(), ElementsAre("backend", "precision", "tolerance", "layers", "batch",
                                        "threads", "streams", "best/s", "median/s", "speed-up",
                                        "efficiency", "kernel/s", "occupancy", "of peak"));
  EXPECT_THAT(rows[1], ElementsAre("cuda", "double", "1e-04", "3", "chosen", "", "4", "6000000",
                                   "6000000", "1.50", "", "8000000", "0.375", "0.250"));
  EXPECT_THAT(rows[2], ElementsAre("cpu", "double", "1e-04", "3", "chosen", "1", "", "100000",
                                   "100000", "1.00", "1.00", "", "", ""));
  EXPECT_EQ(cells(rows, 2)["speed-up"], "1.00");
}

TEST(BenchTable, TakesTheMedianRoundOfAllDevicesTogether) {
  auto line = line_of(Backend::cuda, 0, 1, {1, 1, 1});
  line.kernel = {{kernel_of(900, 0.5, 0.9), kernel_of(900, 0.5, 0.9)},
                 {kernel_of(100, 0.5, 0.1), kernel_of(200, 0.7, 0.3)},
                 {kernel_of(10, 0.5, 0.01), kernel_of(10, 0.5, 0.01)}};
  auto row = cells(bench_table({line}), 0);
  EXPECT_EQ(row["kernel/s"], "300");
  EXPECT_EQ(row["occupancy"], "0.600");
  EXPECT_EQ(row["of peak"], "0.200");
}

TEST(BenchTable, LeavesThePartOfAnUnknownPeakEmpty) {
  auto line = line_of(Backend::cuda, 0, 1, {1});
  line.kernel = {{kernel_of(100, 0.5, std::nullopt), kernel_of(100, 0.5, 0.4)}};
  EXPECT_EQ(cells(bench_table({line}), 0)["of peak"], "");
}

}  // namespace
}  // namespace stratem::cli
