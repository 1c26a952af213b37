// Models handed out and put back.
#include "dispatch/pending.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace stratem::dispatch {
namespace {

TEST(Pending, HandsOutModelsInOrderAndNoMoreThanThereAre) {
  Pending pending(10);
  EXPECT_EQ(pending.models(), 10);
  ModelSpan span = pending.take(4);
  EXPECT_EQ(span.first, 0);
  EXPECT_EQ(span.count, 4);
  span = pending.take(100);
  EXPECT_EQ(span.first, 4);
  EXPECT_EQ(span.count, 6);
  EXPECT_TRUE(pending.empty());
}

TEST(Pending, HandsOutWhatWasPutBackFirst) {
  Pending pending(10);
  const ModelSpan failed = pending.take(4);
  pending.put_back(failed);
  EXPECT_EQ(pending.models(), 10);
  EXPECT_EQ(pending.take(3).count, 3);
  const ModelSpan next = pending.take(100);
  EXPECT_EQ(next.first, 3);
  EXPECT_EQ(next.count, 7);
}

TEST(Pending, EndsSpansWhereModelsAreMissing) {
  Pending pending(10);
  const ModelSpan failed = pending.take(4);
  pending.take(2);
  pending.put_back(failed);
  EXPECT_EQ(pending.take(100).count, 4);
  EXPECT_EQ(pending.take(100).first, 6);
}

TEST(Pending, IsEmptyWithoutModelsAndAfterClear) {
  EXPECT_TRUE(Pending(0).empty());
  Pending pending(5);
  pending.clear();
  EXPECT_TRUE(pending.empty());
  EXPECT_EQ(pending.models(), 0);
}

TEST(Pending, HandsOutEveryModelOnceWhateverIsPutBack) {
  std::mt19937 random(3);
  std::uniform_int_distribution<std::int64_t> size(1, 50);
  constexpr std::int64_t models = 1000;
  Pending pending(models);
  std::vector<int> done(models);
  while (!pending.empty()) {
    const ModelSpan span = pending.take(size(random));
    if (random() % 3 == 0) {
      pending.put_back(span);
      continue;
    }
    for (std::int64_t m = 0; m < span.count; ++m) ++done[static_cast<std::size_t>(span.first + m)];
  }
  EXPECT_EQ(done, std::vector<int>(models, 1));
}

}  // namespace
}  // namespace stratem::dispatch
