// The size of batches: limited by memory, chosen by pace, and small towards the end.
#include "dispatch/batch_size.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace stratem::dispatch {
namespace {

BatchRequest request_of(double pace, double all_paces, std::int64_t left) {
  BatchRequest request;
  request.sizes = {100, 50000, 80000};
  request.left = left;
  request.last = 1000000000;
  request.layers = 3;
  request.pace = pace;
  request.all_paces = all_paces;
  return request;
}

TEST(BatchSize, StartsWithTheFewest) { EXPECT_EQ(batch_size(request_of(0, 0, 1000000)), 100); }

TEST(BatchSize, IsAsManyAsUsualWhereMuchIsLeft) {
  EXPECT_EQ(batch_size(request_of(3e6, 9e6, 10000000)), 50000);
}

TEST(BatchSize, IsHalfTheWorkersShareTowardsTheEnd) {
  EXPECT_EQ(batch_size(request_of(3e6, 9e6, 12000)), 2000);
  EXPECT_EQ(batch_size(request_of(3e6, 9e6, 300)), 100);
  EXPECT_EQ(batch_size(request_of(3e6, 9e6, 30)), 30);
}

TEST(BatchSize, GrowsFourfoldAtMost) {
  BatchRequest request = request_of(3e6, 9e6, 10000000);
  request.last = 200;
  EXPECT_EQ(batch_size(request), 800);
}

TEST(BatchSize, TakesNoLongerThanHalfASecond) {
  EXPECT_EQ(batch_size(request_of(6e3, 9e6, 1000000000)), 1000);
}

TEST(BatchSize, IsWhatTheCallerAskedIfItFits) {
  BatchRequest request = request_of(3e6, 9e6, 1000000);
  request.asked = 7;
  EXPECT_EQ(batch_size(request), 7);
  request.asked = 1000000;
  EXPECT_EQ(batch_size(request), 80000);
}

TEST(BatchSize, StaysBelowWhatTheWorkerRanOutOfMemoryAt) {
  BatchRequest request = request_of(3e6, 9e6, 1000000);
  request.limit = 40;
  EXPECT_EQ(batch_size(request), 40);
  request.asked = 1000;
  EXPECT_EQ(batch_size(request), 40);
}

TEST(BatchSize, IsNeverNone) {
  BatchRequest request = request_of(3e6, 9e6, 1);
  request.sizes = {0, 0, 0};
  EXPECT_EQ(batch_size(request), 1);
}

TEST(BatchSize, CountsModelsBeyond32Bits) {
  BatchRequest request = request_of(1e18, 1e18, std::int64_t{1} << 40);
  request.sizes = {1, std::int64_t{1} << 50, std::int64_t{1} << 50};
  request.last = std::int64_t{1} << 38;
  EXPECT_EQ(batch_size(request), std::int64_t{1} << 39);
}

TEST(BatchSize, FollowsThePaceOfAWorker) {
  Pace pace;
  EXPECT_FALSE(pace.known());
  pace.add(1000, 3, 0.0);  // too short to be measured
  EXPECT_FALSE(pace.known());
  pace.add(1000, 3, 0.01);
  EXPECT_DOUBLE_EQ(pace.layers_per_second(), 3e5);
  pace.add(1000, 1, 0.01);
  EXPECT_DOUBLE_EQ(pace.layers_per_second(), 2e5);
}

/// A worker that always needs the same time for a layer, with its own clock.
struct SimulatedWorker {
  double layers_per_second;
  Pace pace{};
  std::int64_t last = 0;
  double free_at = 0.0;
};

TEST(BatchSize, LetsWorkersOfVeryUnequalPaceEndTogether) {
  std::vector<SimulatedWorker> workers{{3e7}, {3e7}, {3e7}, {2e5}};
  const std::int64_t layers = 3;
  std::int64_t left = 3000000;
  while (left > 0) {
    SimulatedWorker& worker = *std::ranges::min_element(workers, {}, &SimulatedWorker::free_at);
    BatchRequest request = request_of(worker.pace.layers_per_second(), 0.0, left);
    for (const auto& each : workers) {
      request.all_paces += each.pace.known() ? each.pace.layers_per_second() : request.pace;
    }
    request.last = worker.last;
    const std::int64_t count = batch_size(request);
    worker.last = count;
    const double seconds = static_cast<double>(count * layers) / worker.layers_per_second;
    worker.pace.add(count, layers, seconds);
    worker.free_at += seconds;
    left -= count;
  }
  const auto [first, last] = std::ranges::minmax_element(workers, {}, &SimulatedWorker::free_at);
  EXPECT_NEAR(last->free_at, 0.1, 0.005);  // 9e6 layers at 9e7 a second
  // The slow worker's fewest models take 1.5 ms.
  EXPECT_LT(last->free_at - first->free_at, 0.002);
}

}  // namespace
}  // namespace stratem::dispatch
