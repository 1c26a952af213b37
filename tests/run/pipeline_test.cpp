// A run gives the same responses as a computation in memory, needs bounded memory, and ends
// whatever fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "stratem/error.hpp"
#include "stratem/plan.hpp"
#include "stratem/run.hpp"
#include "support/message_of.hpp"
#include "support/systems.hpp"

namespace stratem::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The plan that is quickest to build; made once.
const Plan& quick_plan() {
  static const Plan plan = [] {
    Options options;
    options.tolerance = 0.1;
    options.resistivity = {10.0, 100.0};
    options.cache = "none";
    return Plan(central_loop(log_times(1e-5, 1e-4, 3)), options);
  }();
  return plan;
}

/// Two layers over a half-space, each from 10 to 100 ohm-m.
Prior small_prior() {
  Prior prior;
  LayerPrior layer;
  layer.resistivity = {Distribution::Kind::log_uniform, 0.0, 0.0, 10.0, 100.0};
  prior.layers.push_back(layer);
  layer.depth = {Distribution::Kind::uniform, 0.0, 0.0, 5.0, 80.0};
  prior.layers.push_back(layer);
  prior.layers.push_back(layer);
  return prior;
}

/// Keeps all responses, and records when they arrived.
class Kept : public ResponseSink {
 public:
  void write(std::int64_t first, const Responses& more) override {
    ASSERT_EQ(more.response.size(), static_cast<std::size_t>(more.models * more.gates));
    ASSERT_EQ(more.status.size(), static_cast<std::size_t>(more.models));
    firsts.push_back(first);
    response.insert(response.end(), more.response.begin(), more.response.end());
    status.insert(status.end(), more.status.begin(), more.status.end());
  }

  std::int64_t models() const { return static_cast<std::int64_t>(status.size()); }

  std::vector<std::int64_t> firsts;
  std::vector<double> response;
  std::vector<Status> status;
};

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> all;
  for (const double value : values) all.push_back(std::bit_cast<std::uint64_t>(value));
  return all;
}

/// A source that calls a test's function before it reads.
class Watched : public ModelSource {
 public:
  Watched(std::int64_t models, std::function<void(std::int64_t)> before)
      : source_(prior_source(small_prior(), 1, models)), before_(std::move(before)) {}

  std::int64_t models() const override { return source_->models(); }
  std::int64_t layers() const override { return source_->layers(); }
  ModelSet read(std::int64_t first, std::int64_t count) const override {
    before_(first);
    return source_->read(first, count);
  }
  ModelNeeds needs() const override { return source_->needs(); }
  std::string identity() const override { return source_->identity(); }

 private:
  std::unique_ptr<ModelSource> source_;
  std::function<void(std::int64_t)> before_;
};

/// A sink that calls a test's function before it keeps responses.
class WatchedSink : public Kept {
 public:
  explicit WatchedSink(std::function<void(std::int64_t)> before) : before_(std::move(before)) {}
  void write(std::int64_t first, const Responses& more) override {
    before_(first);
    Kept::write(first, more);
  }

 private:
  std::function<void(std::int64_t)> before_;
};

RunOptions in_batches(std::int64_t batch) {
  RunOptions options;
  options.batch = batch;
  return options;
}

TEST(Run, GivesTheResponsesOfOneCallToTheLastBitWhateverTheBatch) {
  constexpr std::int64_t models = 1009;  // a prime
  const auto source = prior_source(small_prior(), 7, models);
  const Responses whole = quick_plan().forward(source->read(0, models).view());
  for (const std::int64_t batch : {0, 1, 64, 100, 1009, 5000}) {
    Kept kept;
    const RunSummary summary = run(quick_plan(), *source, kept, in_batches(batch));
    EXPECT_EQ(bits(kept.response), bits(whole.response)) << batch;
    EXPECT_EQ(kept.status, whole.status) << batch;
    EXPECT_EQ(summary.done, models);
    EXPECT_EQ(summary.models, models);
    EXPECT_EQ(summary.statuses.failed(), 0);
    EXPECT_FALSE(summary.cancelled);
  }
}

TEST(Run, ComputesNoModelsAndOneModel) {
  Kept nothing;
  EXPECT_EQ(run(quick_plan(), *prior_source(small_prior(), 1, 0), nothing).done, 0);
  EXPECT_TRUE(nothing.firsts.empty());
  Kept one;
  EXPECT_EQ(run(quick_plan(), *prior_source(small_prior(), 1, 1), one).done, 1);
  EXPECT_EQ(one.models(), 1);
}

TEST(Run, ComputesAPartOfTheModels) {
  const auto source = prior_source(small_prior(), 7, 100);
  const Responses part = quick_plan().forward(source->read(31, 40).view());
  RunOptions options = in_batches(7);
  options.first = 31;
  options.count = 40;
  Kept kept;
  EXPECT_EQ(run(quick_plan(), *source, kept, options).models, 40);
  EXPECT_EQ(kept.response, part.response);
  EXPECT_THAT(kept.firsts, ElementsAre(31, 38, 45, 52, 59, 66));
}

TEST(Run, CountsTheModelsOfEachStatus) {
  Prior prior = small_prior();
  prior.layers[0].resistivity.max = 1000.0;  // beyond the plan's range
  const auto source = prior_source(prior, 7, 300);
  Kept kept;
  const RunSummary summary = run(quick_plan(), *source, kept, in_batches(50));
  const auto outside = std::ranges::count(kept.status, Status::out_of_range);
  EXPECT_GT(outside, 0);
  EXPECT_EQ(summary.statuses[Status::out_of_range], outside);
  EXPECT_EQ(summary.statuses.failed(), outside);
  EXPECT_EQ(summary.statuses[Status::ok], 300 - outside);
}

TEST(Run, TellsHowFarItIs) {
  const auto source = prior_source(small_prior(), 7, 25);
  std::vector<std::int64_t> done;
  RunOptions options = in_batches(10);
  options.progress = [&](const RunProgress& progress) {
    EXPECT_EQ(progress.models, 25);
    done.push_back(progress.done);
    return true;
  };
  Kept kept;
  run(quick_plan(), *source, kept, options);
  EXPECT_THAT(done, ElementsAre(0, 10, 20, 25));
}

TEST(Run, StopsAfterABatchWhenCancelledAndWritesWhatWasComputed) {
  const auto source = prior_source(small_prior(), 7, 1000);
  RunOptions options = in_batches(10);
  options.progress = [](const RunProgress& progress) { return progress.done < 50; };
  Kept kept;
  const RunSummary summary = run(quick_plan(), *source, kept, options);
  EXPECT_TRUE(summary.cancelled);
  EXPECT_EQ(summary.done, 50);
  EXPECT_EQ(kept.models(), 50);
}

TEST(Run, MayBeCancelledBeforeItsFirstModelAndIsNotByItsLast) {
  const auto source = prior_source(small_prior(), 7, 10);
  RunOptions options;
  options.progress = [](const RunProgress&) { return false; };
  Kept kept;
  EXPECT_TRUE(run(quick_plan(), *source, kept, options).cancelled);
  EXPECT_EQ(kept.models(), 0);
  options.progress = [](const RunProgress& progress) { return progress.done < 10; };
  EXPECT_FALSE(run(quick_plan(), *source, kept, options).cancelled);
}

TEST(Run, PassesOnWhatTheSourceThrowsAfterAllBeforeItIsWritten) {
  const Watched source(1000, [](std::int64_t first) {
    if (first == 400) throw std::runtime_error("cannot be read");
  });
  Kept kept;
  try {
    run(quick_plan(), source, kept, in_batches(100));
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "cannot be read");
  }
  EXPECT_EQ(kept.models(), 400);
}

TEST(Run, PassesOnWhatTheSinkThrowsAndWritesNoMore) {
  const auto source = prior_source(small_prior(), 7, 1000);
  WatchedSink sink([](std::int64_t first) {
    if (first == 300) throw IoError("disk full");
  });
  EXPECT_THROW(run(quick_plan(), *source, sink, in_batches(100)), IoError);
  EXPECT_EQ(sink.models(), 300);
}

TEST(Run, PassesOnWhatThePlanThrowsAfterAllBeforeItIsWritten) {
  // From the fourth batch on, the model set has a wrong shape.
  class Wrong : public Watched {
   public:
    Wrong() : Watched(1000, [](std::int64_t) {}) {}
    ModelSet read(std::int64_t first, std::int64_t count) const override {
      ModelSet set = Watched::read(first, count);
      if (first >= 300) set.chargeability.assign(set.resistivity.size(), 0.1);
      return set;
    }
  };
  Kept kept;
  EXPECT_THROW(run(quick_plan(), Wrong(), kept, in_batches(100)), InputError);
  EXPECT_EQ(kept.models(), 300);
}

TEST(Run, PassesOnWhatTheCallbackThrows) {
  const auto source = prior_source(small_prior(), 7, 1000);
  for (const std::int64_t when : {0, 500}) {
    RunOptions options = in_batches(100);
    options.progress = [&](const RunProgress& progress) -> bool {
      if (progress.done == when) throw std::logic_error("callback");
      return true;
    };
    Kept kept;
    EXPECT_THROW(run(quick_plan(), *source, kept, options), std::logic_error);
    EXPECT_EQ(kept.models(), when);
  }
}

TEST(Run, PassesOnTheEarlierOfTwoErrors) {
  const Watched source(1000, [](std::int64_t first) {
    if (first == 500) throw std::runtime_error("source");
  });
  WatchedSink sink([](std::int64_t first) {
    if (first == 400) throw std::runtime_error("sink");
  });
  try {
    run(quick_plan(), source, sink, in_batches(100));
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "sink");
  }
}

TEST(Run, HoldsFewBatchesHoweverSlowTheSinkIs) {
  constexpr std::int64_t batch = 10;
  std::atomic<std::int64_t> read = 0;
  const Watched source(300, [&](std::int64_t first) { read = first; });
  WatchedSink sink([&](std::int64_t first) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    // One batch is read, one waits, one is computed; there are three of responses.
    EXPECT_LE(read - first, 6 * batch);
  });
  run(quick_plan(), source, sink, in_batches(batch));
  EXPECT_EQ(sink.models(), 300);
}

TEST(Run, ReadsComputesAndWritesAtTheSameTime) {
  constexpr auto pause = std::chrono::milliseconds(20);
  constexpr int batches = 20;
  const Watched source(batches * 10, [&](std::int64_t) { std::this_thread::sleep_for(pause); });
  WatchedSink sink([&](std::int64_t) { std::this_thread::sleep_for(pause); });
  const auto start = std::chrono::steady_clock::now();
  run(quick_plan(), source, sink, in_batches(10));
  // One after the other they would take twice as long as either.
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1.6 * batches * pause);
}

const std::vector<double> some_percentiles{0, 10, 50, 90, 100};

TEST(Run, AddsToStatisticsWhateverTheBatch) {
  Prior prior = small_prior();
  prior.layers[0].resistivity.max = 1000.0;  // beyond the plan's range
  const auto source = prior_source(prior, 7, 1009);
  for (const std::int64_t memory : {EnsembleStatistics::default_memory, std::int64_t{0}}) {
    EnsembleStatistics whole(3, memory);
    whole.add(quick_plan().forward(source->read(0, 1009).view()));
    const ResponseStatistics expected = whole.result(some_percentiles);
    for (const std::int64_t batch : {0, 1, 100, 5000}) {
      EnsembleStatistics statistics(3, memory);
      const RunSummary summary = run(quick_plan(), *source, statistics, in_batches(batch));
      const ResponseStatistics found = statistics.result(some_percentiles);
      EXPECT_EQ(found.percentile, expected.percentile) << batch;
      EXPECT_EQ(found.counted, expected.counted) << batch;
      EXPECT_EQ(summary.done, 1009);
      EXPECT_EQ(summary.statuses.failed(), expected.failed);
      EXPECT_GT(summary.statuses[Status::out_of_range], 0);
    }
  }
}

TEST(Run, AddsToStatisticsNoMoreThanItWasLet) {
  const auto source = prior_source(small_prior(), 7, 1000);
  RunOptions options = in_batches(10);
  options.first = 100;
  options.progress = [](const RunProgress& progress) { return progress.done < 50; };
  EnsembleStatistics statistics(3, 0);
  const RunSummary summary = run(quick_plan(), *source, statistics, options);
  EXPECT_TRUE(summary.cancelled);
  EXPECT_EQ(summary.done, 50);
  EXPECT_EQ(summary.models, 900);
  EXPECT_EQ(statistics.models(), 50);
}

TEST(Run, PassesOnWhatTheSourceThrowsWhileItAddsToStatistics) {
  const Watched source(1000, [](std::int64_t first) {
    if (first == 400) throw std::runtime_error("cannot be read");
  });
  EnsembleStatistics statistics(3, 0);
  EXPECT_THROW(run(quick_plan(), source, statistics, in_batches(100)), std::runtime_error);
  EXPECT_EQ(statistics.models(), 400);
}

TEST(Run, RefusesModelsThatTheSourceDoesNotHave) {
  const auto source = prior_source(small_prior(), 7, 10);
  Kept kept;
  const auto refusal = [&](const RunOptions& options) {
    return message_of([&] { run(quick_plan(), *source, kept, options); });
  };
  EXPECT_EQ(refusal({.first = 11}), "first: 11, allowed is 0 to 10");
  EXPECT_EQ(refusal({.first = -1}), "first: -1, allowed is 0 to 10");
  EXPECT_EQ(refusal({.first = 4, .count = 7}), "count: 7, allowed is -1 to 6");
  EXPECT_EQ(refusal({.batch = -1}), "batch: -1, allowed is 0 or above");
  EXPECT_EQ(refusal({.memory = 0}), "memory: 0, allowed is 1 or above");
}

}  // namespace
}  // namespace stratem::test
