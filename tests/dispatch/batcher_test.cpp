// Devices that fail, are slow or run out of memory: no result is lost, none occurs twice, and all
// are in their place.
#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <random>
#include <stdexcept>
#include <thread>

#include "cpu/cpu_evaluator.hpp"
#include "cpu/plain_kernel.hpp"
#include "dispatch/batcher.hpp"
#include "dispatch/fake_devices.hpp"
#include "dispatch/host_worker.hpp"

namespace stratem::test {
namespace {

using core::BatchSizes;
using core::ComputeDevice;
using dispatch::Batcher;
using namespace std::chrono_literals;

constexpr std::int64_t gates = fake_gates;
constexpr BatchSizes any_size{1, 1000, 1000000};

std::vector<ComputeDevice> one(ComputeDevice device) {
  std::vector<ComputeDevice> devices;
  devices.push_back(std::move(device));
  return devices;
}

Responses forward(const core::Evaluator& evaluator, const ModelBatch& models,
                  std::int64_t gate_count = gates) {
  Responses responses(models.models, gate_count);
  evaluator.forward(models, responses.view());
  return responses;
}

/// The same bits, NaN included.
void expect_same(const Responses& found, const Responses& expected) {
  EXPECT_EQ(found.status, expected.status);
  EXPECT_TRUE(std::ranges::equal(found.response, expected.response, {},
                                 std::bit_cast<std::uint64_t, double>,
                                 std::bit_cast<std::uint64_t, double>));
}

/// Models, the expected responses, and how often each model was computed.
class BatcherTest : public testing::Test {
 protected:
  void expect_all(const Batcher& batcher) {
    expect_same(forward(batcher, models_.view()), forward(Formula(), models_.view()));
    EXPECT_TRUE(ledger_.once_each()) << ledger_.total() << " of " << models_.models;
  }

  ModelSet models_ = numbered_models(5003);
  Ledger ledger_{5003};
  Ledger rescued_{5003};
  std::shared_ptr<const Formula> formula_ = std::make_shared<Formula>(&ledger_);
};

TEST_F(BatcherTest, ComputesEveryModelOnceAndInItsPlace) {
  FakeDevice device(formula_);
  expect_all(Batcher(one(device.device("fake", 3, any_size)), formula_, 0));
  EXPECT_EQ(device.models_done(), 5003);
}

TEST_F(BatcherTest, TakesAsManyModelsAtATimeAsItIsAsked) {
  FakeDevice device(formula_);
  expect_all(Batcher(one(device.device("fake", 2, any_size)), formula_, 17));
  EXPECT_EQ(device.attempts(), (5003 + 16) / 17);
  EXPECT_EQ(device.largest_batch(), 17);
}

TEST_F(BatcherTest, ComputesNoModelsAndOne) {
  FakeDevice device(formula_);
  const Batcher batcher(one(device.device("fake", 2, any_size)), formula_, 0);
  EXPECT_TRUE(forward(batcher, models_.view().slice(0, 0)).response.empty());
  EXPECT_EQ(device.attempts(), 0);
  EXPECT_EQ(forward(batcher, models_.view().slice(4, 1))(0, 2), 5.25);
}

TEST_F(BatcherTest, HalvesBatchesThatDoNotFitAndRemembers) {
  FakeDevice device(formula_, [](std::int64_t, std::int64_t models) {
    return models > 100 ? Event::out_of_memory : Event::none;
  });
  const Batcher batcher(one(device.device("fake", 1, any_size)), formula_, 1000);
  expect_all(batcher);
  EXPECT_EQ(device.largest_batch(), 62);  // 1000, 500, 250, 125, 62
  const std::int64_t attempts = device.attempts();
  EXPECT_EQ(attempts, 4 + (5003 + 61) / 62);
  forward(batcher, models_.view());
  EXPECT_EQ(device.attempts(), attempts + (5003 + 61) / 62);
  EXPECT_EQ(batcher.device(), "fake");
}

TEST_F(BatcherTest, GivesUpAWorkerThatHasNoRoomForOneModel) {
  FakeDevice full(formula_, [](auto, auto) { return Event::out_of_memory; });
  FakeDevice roomy(formula_);
  std::vector<ComputeDevice> devices = one(full.device("full", 1, any_size));
  devices.push_back(roomy.device("roomy", 1, any_size, 1us));
  const Batcher batcher(std::move(devices), formula_, 4);
  expect_all(batcher);
  EXPECT_EQ(roomy.models_done(), 5003);
  EXPECT_EQ(batcher.device(), "roomy; gave up full: out of memory");
}

TEST_F(BatcherTest, KeepsADeviceOfWhichOneWorkerHasRoom) {
  FakeDevice full(formula_, [](auto, auto) { return Event::out_of_memory; });
  FakeDevice roomy(formula_);
  std::vector<ComputeDevice> devices = one(full.device("fake", 2, any_size));
  devices[0].workers.push_back(std::move(roomy.device("", 1, any_size, 1us).workers[0]));
  const Batcher batcher(std::move(devices), formula_, 4);
  expect_all(batcher);
  EXPECT_EQ(roomy.models_done(), 5003);
  EXPECT_EQ(batcher.device(), "fake");
}

TEST_F(BatcherTest, DoesTheBatchesOfALostDeviceAgainElsewhere) {
  FakeDevice failing(formula_, [](std::int64_t attempt, auto) {
    return attempt == 5 ? Event::lost : Event::none;
  });
  FakeDevice sound(formula_);
  std::vector<ComputeDevice> devices = one(failing.device("failing", 3, any_size));
  devices.push_back(sound.device("sound", 2, any_size, 20us));
  const Batcher batcher(std::move(devices), std::make_shared<Formula>(&rescued_), 50);
  expect_all(batcher);
  EXPECT_EQ(failing.models_done(), 5 * 50);
  EXPECT_LE(failing.attempts(), 8);  // each of its other workers was in one batch at most
  EXPECT_EQ(rescued_.total(), 0);
  EXPECT_EQ(batcher.device(), "sound; gave up failing: the device was lost");
}

TEST_F(BatcherTest, DoesTheRestOnTheHostWhenAllDevicesAreLost) {
  FakeDevice first(formula_, [](std::int64_t attempt, auto) {
    return attempt == 3 ? Event::lost : Event::none;
  });
  FakeDevice second(formula_, [](std::int64_t attempt, auto) {
    return attempt == 7 ? Event::lost : Event::none;
  });
  std::vector<ComputeDevice> devices = one(first.device("first", 2, any_size));
  devices.push_back(second.device("second", 2, any_size));
  const Batcher batcher(std::move(devices), formula_, 10);
  expect_all(batcher);
  EXPECT_EQ(first.models_done() + second.models_done(), 100);
  EXPECT_THAT(batcher.device(), testing::StartsWith("formula; gave up "));
  // The host computes all of the next call, too.
  expect_same(forward(batcher, models_.view()), forward(Formula(), models_.view()));
  EXPECT_EQ(ledger_.total(), 2 * 5003);
}

TEST_F(BatcherTest, EndsACallWithTheFaultOfAWorkerAndGoesOn) {
  FakeDevice device(formula_, [](std::int64_t attempt, auto) {
    return attempt == 9 ? Event::fault : Event::none;
  });
  const Batcher batcher(one(device.device("fake", 3, any_size)), formula_, 50);
  EXPECT_THROW(forward(batcher, models_.view()), std::runtime_error);
  expect_same(forward(batcher, models_.view()), forward(Formula(), models_.view()));
  EXPECT_EQ(batcher.device(), "fake");
}

TEST_F(BatcherTest, GivesASlowWorkerLess) {
  FakeDevice fast(formula_);
  FakeDevice slow(formula_);
  std::vector<ComputeDevice> devices = one(fast.device("fast", 1, any_size, 1us));
  devices.push_back(slow.device("slow", 1, {1, 1000, 1000000}, 1000us));
  expect_all(Batcher(std::move(devices), formula_, 0));
  EXPECT_GT(slow.models_done(), 0);
  EXPECT_GT(fast.models_done(), 10 * slow.models_done());
}

TEST_F(BatcherTest, SharesTheWorkBetweenHostAndDevice) {
  FakeDevice device(formula_);
  const auto host = std::make_shared<Formula>(&ledger_, 20us);
  std::vector<ComputeDevice> devices = one(device.device("fake", 2, any_size, 5us));
  devices.push_back(dispatch::host_device(host, 2, gates));
  const Batcher batcher(std::move(devices), host, 0);
  expect_all(batcher);
  EXPECT_GT(device.models_done(), 0);
  EXPECT_LT(device.models_done(), 5003);
  EXPECT_EQ(batcher.device(), "fake and formula");
}

TEST_F(BatcherTest, NamesEqualDevicesOnce) {
  FakeDevice device(formula_);
  std::vector<ComputeDevice> devices = one(device.device("fake", 1, any_size));
  devices.push_back(device.device("fake", 1, any_size));
  EXPECT_EQ(Batcher(std::move(devices), formula_, 0).device(), "2 x fake");
}

TEST_F(BatcherTest, ServesTwoCallersAtOnce) {
  FakeDevice device(std::make_shared<Formula>());
  const Batcher batcher(one(device.device("fake", 2, any_size, 2us)), formula_, 20);
  const Responses expected = forward(Formula(), models_.view());
  std::vector<Responses> found(4);
  std::vector<std::thread> callers;
  callers.reserve(found.size());
  for (auto& responses : found) {
    callers.emplace_back([&] { responses = forward(batcher, models_.view()); });
  }
  for (auto& caller : callers) caller.join();
  for (const auto& responses : found) expect_same(responses, expected);
  EXPECT_EQ(device.models_done(), 4 * 5003);
}

TEST_F(BatcherTest, DoesNotLetASmallCallWaitForALargeOne) {
  FakeDevice device(std::make_shared<Formula>());
  const Batcher batcher(one(device.device("fake", 1, any_size, 100us)), formula_, 10);
  std::atomic<bool> large_done{false};
  std::thread large([&] {
    forward(batcher, models_.view());  // 501 batches of a millisecond
    large_done = true;
  });
  while (device.attempts() < 2) std::this_thread::yield();
  forward(batcher, models_.view().slice(0, 50));
  EXPECT_FALSE(large_done);
  large.join();
}

TEST_F(BatcherTest, KeepsTheFaultOfOneCallFromAnother) {
  // The fault hits the call that has the batch; the other calls get all their responses.
  FakeDevice device(std::make_shared<Formula>(), [](std::int64_t attempt, auto) {
    return attempt == 40 ? Event::fault : Event::none;
  });
  const Batcher batcher(one(device.device("fake", 2, any_size, 2us)), formula_, 20);
  const Responses expected = forward(Formula(), models_.view());
  std::atomic<int> faults{0};
  std::vector<std::thread> callers;
  callers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      try {
        expect_same(forward(batcher, models_.view()), expected);
      } catch (const std::runtime_error&) {
        ++faults;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(faults, 1);
}

/// Devices that fail at random.
class RandomFailures : public testing::TestWithParam<unsigned> {};

TEST_P(RandomFailures, LoseNothingAndKeepTheOrder) {
  Random random(GetParam());
  const ModelSet models = numbered_models(whole(random, 0, 3000));
  Ledger ledger(models.models);
  const auto formula = std::make_shared<Formula>(&ledger);
  std::vector<std::unique_ptr<FakeDevice>> fakes;
  std::vector<ComputeDevice> devices;
  for (std::int64_t d = whole(random, 1, 4); d > 0; --d) {
    const double lost = uniform(random, 0.0, 0.1);
    const double memory = uniform(random, 0.0, 0.3);
    const std::int64_t capacity = whole(random, 0, 400);
    auto events = std::make_shared<Random>(random());
    fakes.push_back(std::make_unique<FakeDevice>(formula, [=](auto, std::int64_t batch) {
      const double drawn = uniform(*events, 0.0, 1.0);
      if (drawn < lost) return Event::lost;
      if (batch > capacity || drawn < lost + memory) return Event::out_of_memory;
      return Event::none;
    }));
    devices.push_back(random_device(*fakes.back(), random));
  }
  const Batcher batcher(std::move(devices), formula, whole(random, 0, 1) * whole(random, 1, 300));
  expect_same(forward(batcher, models.view()), forward(Formula(), models.view()));
  EXPECT_TRUE(ledger.once_each()) << ledger.total() << " of " << models.models;
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFailures, testing::Range(0U, 100U));

TEST(BatcherOfTheCpu, GivesTheBitsOfTheCpuAlone) {
  Random random(17);
  const core::PlanTable table = random_table(random);
  const ModelSet models = random_models(random, 700, {.layers = 8, .heights = true});
  Options options;
  options.threads = 1;
  const auto alone = std::make_shared<cpu::CpuEvaluator>(table, system_at_40_m(), options);
  const Responses expected = forward(*alone, models.view(), table.gates);

  FakeDevice failing(alone, [](std::int64_t attempt, std::int64_t batch) {
    if (attempt == 6) return Event::lost;
    return batch > 40 ? Event::out_of_memory : Event::none;
  });
  FakeDevice sound(alone);
  std::vector<ComputeDevice> devices = one(failing.device("failing", 2, any_size));
  devices.push_back(sound.device("sound", 1, any_size));
  devices.push_back(dispatch::host_device(alone, 2, table.gates));
  expect_same(forward(Batcher(std::move(devices), alone, 50), models.view(), table.gates),
              expected);
}

}  // namespace
}  // namespace stratem::test
