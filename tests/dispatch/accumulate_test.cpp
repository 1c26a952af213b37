// Responses are counted on the devices that compute them. Devices fail, and every model must still
// be counted once.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>

#include "cpu/plain_kernel.hpp"
#include "dispatch/batcher.hpp"
#include "dispatch/fake_devices.hpp"
#include "dispatch/host_worker.hpp"
#include "dispatch/range_guard.hpp"

namespace stratem::test {
namespace {

using core::BatchSizes;
using core::ComputeDevice;
using core::ResponseHistograms;
using dispatch::Batcher;
using namespace std::chrono_literals;

constexpr BatchSizes any_size{1, 1000, 1000000};

Event never(std::int64_t, std::int64_t) { return Event::none; }

FakeDevice::Script at(std::int64_t when, Event event) {
  return [=](std::int64_t attempt, auto) { return attempt == when ? event : Event::none; };
}

std::vector<ComputeDevice> devices_of(ComputeDevice first) {
  std::vector<ComputeDevice> devices;
  devices.push_back(std::move(first));
  return devices;
}

/// The result for some models.
struct Counted {
  ResponseHistograms histograms{fake_gates};
  std::vector<Status> status;
};

Counted accumulate(const core::Evaluator& evaluator, const ModelBatch& models) {
  Counted counted;
  counted.status.assign(static_cast<std::size_t>(models.models), Status::bad_height);
  evaluator.accumulate(models, {counted.status.data(), models.models}, counted.histograms);
  return counted;
}

/// The responses of one gate by the formula, sorted.
std::vector<double> sorted_responses(const ModelBatch& models, std::int64_t gate) {
  std::vector<double> values;
  for (std::int64_t m = 0; m < models.models; ++m) {
    const double number = models.resistivity(m, 0);
    if (std::fmod(number, 7.0) != 0.0) values.push_back(number + static_cast<double>(gate) / 8.0);
  }
  std::ranges::sort(values);
  return values;
}

/// Expects that each model was counted once. The sum shows whether one was lost or counted twice.
void expect_all_of(const ModelBatch& models, const Counted& found) {
  EXPECT_EQ(found.histograms.models(), models.models);
  EXPECT_EQ(found.histograms.failed(), std::ranges::count(found.status, Status::bad_depth));
  for (std::int64_t m = 0; m < models.models; ++m) {
    const bool bad = std::fmod(models.resistivity(m, 0), 7.0) == 0.0;
    ASSERT_EQ(found.status[static_cast<std::size_t>(m)], bad ? Status::bad_depth : Status::ok) << m;
  }
  for (std::int64_t gate = 0; gate < fake_gates; ++gate) {
    const std::vector<double> values = sorted_responses(models, gate);
    const core::ValueHistogram& histogram = found.histograms.gate(gate);
    ASSERT_EQ(histogram.count(), static_cast<std::int64_t>(values.size()));
    if (values.empty()) continue;
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    EXPECT_NEAR(core::mean(histogram.summary().moments), mean, 1e-12 * mean);
    EXPECT_EQ(histogram.summary().smallest, values.front());
    EXPECT_EQ(histogram.summary().largest, values.back());
    for (std::size_t i = 0; i < values.size(); i += values.size() / 13 + 1) {
      ASSERT_NEAR(histogram.at(static_cast<std::int64_t>(i)), values[i], values[i] * 0x1p-13);
    }
  }
}

class AccumulateTest : public testing::Test {
 protected:
  void expect_all(const Batcher& batcher) {
    expect_all_of(models_.view(), accumulate(batcher, models_.view()));
  }

  ModelSet models_ = numbered_models(5003);
  std::shared_ptr<const Formula> formula_ = std::make_shared<Formula>();
};

TEST_F(AccumulateTest, CountsEveryModelOnce) {
  FakeDevice device(formula_);
  const Batcher batcher(devices_of(device.device("fake", 3, any_size)), formula_, 0);
  expect_all(batcher);
  EXPECT_EQ(device.models_done(), 5003);
  expect_all(batcher);  // and no model of the call before
}

TEST_F(AccumulateTest, CountsNoModelsAndOne) {
  FakeDevice device(formula_);
  const Batcher batcher(devices_of(device.device("fake", 2, any_size)), formula_, 0);
  expect_all_of(models_.view().slice(0, 0), accumulate(batcher, models_.view().slice(0, 0)));
  EXPECT_EQ(device.attempts(), 0);
  expect_all_of(models_.view().slice(4, 1), accumulate(batcher, models_.view().slice(4, 1)));
}

TEST_F(AccumulateTest, AddsToWhatHasBeenCountedBefore) {
  FakeDevice device(formula_);
  const Batcher batcher(devices_of(device.device("fake", 2, any_size)), formula_, 0);
  Counted all;
  all.status.resize(5003);
  for (const auto& [first, count] : {std::pair{0, 2000}, {2000, 3003}}) {
    batcher.accumulate(models_.view().slice(first, count), {all.status.data() + first, count},
                       all.histograms);
  }
  expect_all_of(models_.view(), all);
}

TEST_F(AccumulateTest, SharesTheWorkBetweenHostAndDevices) {
  FakeDevice first(formula_);
  FakeDevice second(formula_);
  const auto host = std::make_shared<Formula>(nullptr, 20us);
  std::vector<ComputeDevice> devices = devices_of(first.device("fake", 2, any_size, 5us));
  devices.push_back(second.device("fake", 1, any_size, 5us));
  devices.push_back(dispatch::host_device(host, 2, fake_gates));
  const Batcher batcher(std::move(devices), host, 0);
  expect_all(batcher);
  EXPECT_GT(first.models_done(), 0);
  EXPECT_GT(second.models_done(), 0);
  EXPECT_LT(first.models_done() + second.models_done(), 5003);
}

TEST_F(AccumulateTest, HalvesBatchesThatDoNotFit) {
  FakeDevice device(formula_, [](std::int64_t, std::int64_t models) {
    return models > 100 ? Event::out_of_memory : Event::none;
  });
  const Batcher batcher(devices_of(device.device("fake", 1, any_size)), formula_, 1000);
  expect_all(batcher);
  EXPECT_EQ(device.largest_batch(), 62);  // 1000, 500, 250, 125, 62
}

TEST_F(AccumulateTest, LeavesToTheHostWhatFitsNowhere) {
  FakeDevice full(formula_, [](auto, auto) { return Event::out_of_memory; });
  const Batcher batcher(devices_of(full.device("full", 2, any_size)), formula_, 4);
  expect_all(batcher);
  EXPECT_EQ(batcher.device(), "formula; gave up full: out of memory");
}

TEST_F(AccumulateTest, KeepsWhatADeviceCountedBeforeItHadNoMoreRoom) {
  FakeDevice device(formula_, [](std::int64_t attempt, auto) {
    return attempt < 10 ? Event::none : Event::out_of_memory;
  });
  const auto rescue = std::make_shared<Ledger>(5003);
  const Batcher batcher(devices_of(device.device("fake", 1, any_size)),
                        std::make_shared<Formula>(rescue.get()), 100);
  expect_all(batcher);
  EXPECT_EQ(device.models_done(), 1000);
  EXPECT_EQ(rescue->total(), 4003);
}

TEST_F(AccumulateTest, CountsAgainElsewhereWhatALostDeviceHadCounted) {
  FakeDevice failing(formula_, at(5, Event::lost));
  FakeDevice sound(formula_);
  std::vector<ComputeDevice> devices = devices_of(failing.device("failing", 3, any_size));
  devices.push_back(sound.device("sound", 2, any_size, 20us));
  const Batcher batcher(std::move(devices), formula_, 50);
  expect_all(batcher);
  EXPECT_EQ(failing.models_done(), 5 * 50);
  EXPECT_EQ(sound.models_done(), 5003);
  EXPECT_EQ(batcher.device(), "sound; gave up failing: the device was lost");
  expect_all(batcher);
}

/// The formula. Its first batch does not end before something else has happened.
class Delayed final : public core::Evaluator {
 public:
  explicit Delayed(std::function<bool()> happened) : happened_(std::move(happened)) {}
  void forward(const ModelBatch& models, const ResponseView& responses) const override {
    if (!started_.exchange(true)) {
      while (!happened_()) std::this_thread::yield();
    }
    Formula().forward(models, responses);
  }
  std::string device() const override { return "delayed"; }

 private:
  std::function<bool()> happened_;
  mutable std::atomic<bool> started_{false};
};

// The other worker counts to the end, into counters that could be collected.
TEST_F(AccumulateTest, CountsNothingTwiceThatADeviceCountsAfterItIsGivenUp) {
  std::atomic<const Batcher*> batcher{nullptr};
  const auto given_up = [&] {
    return batcher != nullptr && batcher.load()->device().find("gave up") != std::string::npos;
  };
  FakeDevice failing(std::make_shared<Delayed>(given_up), at(3, Event::failed));
  FakeDevice sound(std::make_shared<Delayed>(given_up));
  std::vector<ComputeDevice> devices = devices_of(failing.device("failing", 2, any_size));
  devices.push_back(sound.device("sound", 1, any_size));
  const Batcher both(std::move(devices), formula_, 50);
  batcher = &both;
  expect_all(both);
  EXPECT_EQ(failing.models_done(), 3 * 50);
  EXPECT_EQ(sound.models_done(), 5003);
  EXPECT_EQ(both.device(), "sound; gave up failing: a call failed");
}

TEST_F(AccumulateTest, CountsAgainElsewhereWhatCannotBeCollected) {
  FakeDevice failing(formula_, never, at(1, Event::lost));
  FakeDevice sound(formula_);
  std::vector<ComputeDevice> devices = devices_of(sound.device("sound", 1, any_size, 5us));
  devices.push_back(failing.device("failing", 1, any_size, 5us));
  const Batcher batcher(std::move(devices), formula_, 50);
  expect_all(batcher);  // the first collection does not fail
  EXPECT_EQ(failing.collections(), 1);
  const std::int64_t before = sound.models_done();
  expect_all(batcher);
  EXPECT_EQ(failing.collections(), 2);
  EXPECT_EQ(sound.models_done() - before, 5003);
  EXPECT_EQ(sound.collections(), 3);
  EXPECT_EQ(batcher.device(), "sound; gave up failing: the device was lost");
}

TEST_F(AccumulateTest, CountsOnTheHostWhenAllDevicesAreLost) {
  FakeDevice first(formula_, at(3, Event::lost));
  FakeDevice second(formula_, never, at(0, Event::lost));
  std::vector<ComputeDevice> devices = devices_of(first.device("first", 2, any_size));
  devices.push_back(second.device("second", 2, any_size, 1us));
  const Batcher batcher(std::move(devices), formula_, 10);
  expect_all(batcher);
  EXPECT_THAT(batcher.device(), testing::StartsWith("formula; gave up "));
  EXPECT_EQ(second.models_done(), 5003);  // its counts were lost
  expect_all(batcher);
}

TEST_F(AccumulateTest, ForgetsWhatACallThatFailedHadCounted) {
  FakeDevice device(formula_, at(9, Event::fault));
  const Batcher batcher(devices_of(device.device("fake", 3, any_size)), formula_, 50);
  EXPECT_THROW(accumulate(batcher, models_.view()), std::runtime_error);
  expect_all(batcher);
  EXPECT_EQ(batcher.device(), "fake");
}

TEST_F(AccumulateTest, KeepsTwoCallersApartAndFromOneThatKeepsItsResponses) {
  for (const Event event : {Event::none, Event::lost}) {
    FakeDevice device(formula_, at(150, event));
    FakeDevice sound(formula_);
    std::vector<ComputeDevice> devices = devices_of(device.device("fake", 2, any_size, 1us));
    devices.push_back(sound.device("sound", 1, any_size, 1us));
    const Batcher batcher(std::move(devices), formula_, 20);
    Responses kept(models_.models, fake_gates);
    std::vector<Counted> counted(2);
    std::vector<std::thread> callers;
    callers.emplace_back([&] { batcher.forward(models_.view(), kept.view()); });
    for (auto& each : counted) {
      callers.emplace_back([&] { each = accumulate(batcher, models_.view()); });
    }
    for (auto& caller : callers) caller.join();
    for (const auto& each : counted) expect_all_of(models_.view(), each);
    for (std::int64_t m = 0; m < kept.models; ++m) {
      if ((m + 1) % 7 == 0) continue;
      ASSERT_EQ(kept(m, 1), static_cast<double>(m + 1) + 0.125);
    }
  }
}

/// Devices that fail at random.
class RandomFailuresOfCounting : public testing::TestWithParam<unsigned> {};

TEST_P(RandomFailuresOfCounting, LoseNothingAndCountNothingTwice) {
  Random random(GetParam());
  const ModelSet models = numbered_models(whole(random, 0, 2000));
  const auto formula = std::make_shared<Formula>();
  std::vector<std::unique_ptr<FakeDevice>> fakes;
  std::vector<ComputeDevice> devices;
  for (std::int64_t d = whole(random, 1, 4); d > 0; --d) {
    const double lost = uniform(random, 0.0, 0.05);
    const double lost_later = uniform(random, 0.0, 0.6);
    const double memory = uniform(random, 0.0, 0.3);
    const std::int64_t capacity = whole(random, 0, 400);
    auto events = std::make_shared<Random>(random());
    const auto batches = [=](auto, std::int64_t batch) {
      const double drawn = uniform(*events, 0.0, 1.0);
      if (drawn < lost) return drawn < 0.5 * lost ? Event::lost : Event::failed;
      if (batch > capacity || drawn < lost + memory) return Event::out_of_memory;
      return Event::none;
    };
    const auto collections = [=](auto, auto) {
      const double drawn = uniform(*events, 0.0, 1.0);
      if (drawn < lost_later) return drawn < 0.5 * lost_later ? Event::lost : Event::failed;
      return Event::none;
    };
    fakes.push_back(std::make_unique<FakeDevice>(formula, batches, collections));
    devices.push_back(random_device(*fakes.back(), random));
  }
  const Batcher batcher(std::move(devices), formula, whole(random, 0, 1) * whole(random, 1, 300));
  for (int call = 0; call < 2; ++call) {
    expect_all_of(models.view(), accumulate(batcher, models.view()));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFailuresOfCounting, testing::Range(0U, 60U));

// More responses than are held at a time.
TEST(AccumulateByForward, AddsPartAfterPart) {
  constexpr std::int64_t models = 600000;
  constexpr std::int64_t gates = 8;
  ASSERT_GT(models, core::models_held_at_once(gates));
  const ModelSet set = numbered_models(models);
  ResponseHistograms histograms(gates);
  std::vector<Status> status(models);
  Formula().accumulate(set.view(), {status.data(), models}, histograms);
  EXPECT_EQ(histograms.models(), models);
  EXPECT_EQ(histograms.failed(), models / 7);
  EXPECT_EQ(std::ranges::count(status, Status::bad_depth), models / 7);
  for (const std::int64_t gate : {0, 7}) {
    EXPECT_EQ(histograms.gate(gate).count(), models - models / 7);
    EXPECT_EQ(histograms.gate(gate).summary().largest, 600000.0 + static_cast<double>(gate) / 8.0);
  }
}

/// An evaluator that must not see a model outside the range, where its responses would count.
class Inside final : public core::Evaluator {
 public:
  void forward(const ModelBatch& models, const ResponseView& responses) const override {
    Formula().forward(models, responses);
  }
  void accumulate(const ModelBatch& models, const VectorView<Status>& status,
                  ResponseHistograms& histograms) const override {
    for (std::int64_t m = 0; m < models.models; ++m) EXPECT_LE(models.resistivity(m, 0), 10000.0);
    Formula().accumulate(models, status, histograms);
  }
  std::string device() const override { return "inside"; }
};

/// Numbered models up to 10,000 are in the default range.
Counted guarded(std::unique_ptr<core::Evaluator> outside, const ModelBatch& models) {
  const dispatch::RangeGuard guard(std::make_unique<Inside>(), std::move(outside), Options(),
                                   system_at_40_m());
  return accumulate(guard, models);
}

TEST(AccumulateInRange, LeavesOutWhatIsFlagged) {
  const ModelSet models = numbered_models(30000);
  const Counted found = guarded(nullptr, models.view());
  for (std::int64_t m = 0; m < models.models; ++m) {
    const Status inside = m + 1 > 10000 ? Status::out_of_range : Status::ok;
    ASSERT_EQ(found.status[static_cast<std::size_t>(m)],
              (m + 1) % 7 == 0 ? Status::bad_depth : inside);
  }
  EXPECT_EQ(found.histograms.models(), 30000);
  EXPECT_EQ(found.histograms.gate(0).count(), 10000 - 10000 / 7);
  EXPECT_EQ(found.histograms.failed(), 30000 - found.histograms.gate(0).count());
  EXPECT_EQ(found.histograms.gate(0).summary().largest, 10000.0);
}

TEST(AccumulateInRange, AddsWhatIsComputedOutside) {
  const ModelSet models = numbered_models(30000);
  expect_all_of(models.view(), guarded(std::make_unique<Formula>(), models.view()));
}

TEST(AccumulateInRange, TakesModelsThatAreAllInsideOrAllOutside) {
  const ModelSet models = numbered_models(30000);
  const ModelBatch inside = models.view().slice(0, 10000);
  const ModelBatch outside = models.view().slice(10000, 20000);
  expect_all_of(inside, guarded(nullptr, inside));
  expect_all_of(outside, guarded(std::make_unique<Formula>(), outside));
  EXPECT_EQ(guarded(nullptr, outside).histograms.gate(0).count(), 0);
}

TEST(AccumulateInRange, DoesNotReadLayersThatAreNotThere) {
  ModelSet models = numbered_models(3);
  models.layer_count = {3, -1, 2};
  EXPECT_EQ(guarded(nullptr, models.view()).histograms.models(), 3);
}

}  // namespace
}  // namespace stratem::test
