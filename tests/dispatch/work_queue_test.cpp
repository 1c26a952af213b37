// Models handed out and put back.
#include "dispatch/worker_pool.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace stratem::dispatch {
namespace {

TEST(WorkQueue, HandsOutModelsInOrderAndNoMoreThanThereAre) {
  WorkQueue queue(10);
  EXPECT_EQ(queue.models(), 10);
  ModelSpan span = queue.take(4);
  EXPECT_EQ(span.first, 0);
  EXPECT_EQ(span.count, 4);
  span = queue.take(100);
  EXPECT_EQ(span.first, 4);
  EXPECT_EQ(span.count, 6);
  EXPECT_TRUE(queue.empty());
}

TEST(WorkQueue, HandsOutWhatWasPutBackFirst) {
  WorkQueue queue(10);
  const ModelSpan failed = queue.take(4);
  queue.put_back(failed);
  EXPECT_EQ(queue.models(), 10);
  EXPECT_EQ(queue.take(3).count, 3);
  const ModelSpan next = queue.take(100);
  EXPECT_EQ(next.first, 3);
  EXPECT_EQ(next.count, 7);
}

TEST(WorkQueue, EndsSpansWhereModelsAreMissing) {
  WorkQueue queue(10);
  const ModelSpan failed = queue.take(4);
  queue.take(2);
  queue.put_back(failed);
  EXPECT_EQ(queue.take(100).count, 4);
  EXPECT_EQ(queue.take(100).first, 6);
}

TEST(WorkQueue, IsEmptyWithoutModelsAndAfterClear) {
  EXPECT_TRUE(WorkQueue(0).empty());
  WorkQueue queue(5);
  queue.clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.models(), 0);
}

TEST(WorkQueue, HandsOutEveryModelOnceWhateverIsPutBack) {
  std::mt19937 random(3);
  std::uniform_int_distribution<std::int64_t> size(1, 50);
  constexpr std::int64_t models = 1000;
  WorkQueue queue(models);
  std::vector<int> done(models);
  while (!queue.empty()) {
    const ModelSpan span = queue.take(size(random));
    if (random() % 3 == 0) {
      queue.put_back(span);
      continue;
    }
    for (std::int64_t m = 0; m < span.count; ++m) ++done[static_cast<std::size_t>(span.first + m)];
  }
  EXPECT_EQ(done, std::vector<int>(models, 1));
}

}  // namespace
}  // namespace stratem::dispatch
