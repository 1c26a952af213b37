// A model's responses do not depend on how they are computed, and their cost does not depend on the
// waveform.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <thread>

#include "cpu/kernel.hpp"
#include "plan/plan_support.hpp"
#include "stratem/backends.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

using test::row;

class PlanInvariance : public testing::Test {
 protected:
  static Responses run(const ModelSet& models, int threads, std::int64_t batch = 0) {
    Options options = test::central_plan().options();
    options.threads = threads;
    options.batch = batch;
    return Plan(test::central_plan().system(), options).forward(models.view());
  }

  ModelSet models_ = core::random_models(core::ensemble_range(test::central_plan().options()),
                                         {1, 2, 3, 5, 8, 30}, 50, 41);
  Responses expected_ = run(models_, 1);
};

TEST_F(PlanInvariance, AnyNumberOfThreads) {
  EXPECT_EQ(run(models_, 2).response, expected_.response);
  EXPECT_EQ(run(models_, 0).response, expected_.response);
}

TEST_F(PlanInvariance, AnyBatchOption) {
  for (const std::int64_t batch : {1, 7, 64, 100000}) {
    EXPECT_EQ(run(models_, 2, batch).response, expected_.response) << batch;
  }
}

TEST_F(PlanInvariance, AnyNumberOfModelsAtOnce) {
  for (const std::int64_t size : {1, 3, 17, 128}) {
    for (std::int64_t first = 0; first < models_.models; first += size) {
      const std::int64_t count = std::min(size, models_.models - first);
      const Responses part = test::central_plan().forward(models_.view().slice(first, count));
      for (std::int64_t m = 0; m < count; ++m) {
        ASSERT_EQ(row(part, m), row(expected_, first + m)) << size << " " << first + m;
      }
    }
  }
}

TEST_F(PlanInvariance, AnyOrder) {
  std::vector<std::size_t> order(static_cast<std::size_t>(models_.models));
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937(5));
  const auto rows = [&](const auto& from) {
    const std::size_t columns = from.size() / order.size();
    auto to = from;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t c = 0; c < columns; ++c) to[i * columns + c] = from[order[i] * columns + c];
    }
    return to;
  };
  ModelSet shuffled = models_;
  shuffled.resistivity = rows(models_.resistivity);
  shuffled.thickness = rows(models_.thickness);
  shuffled.layer_count = rows(models_.layer_count);
  EXPECT_EQ(run(shuffled, 2).response, rows(expected_.response));
}

TEST_F(PlanInvariance, AnyNumberOfCallersAtOnce) {
  const Plan& plan = test::central_plan();
  std::vector<Responses> found(3);
  std::vector<std::thread> callers;
  for (auto& responses : found) {
    callers.emplace_back([&] { responses = plan.forward(models_.view()); });
  }
  for (auto& caller : callers) caller.join();
  for (const auto& responses : found) EXPECT_EQ(responses.response, expected_.response);
}

TEST(PlanBackend, AutomaticIsTheFirstUsableAndSaysSo) {
  const Plan& plan = test::central_plan();
  ASSERT_EQ(plan.options().backend, Backend::automatic);
  const auto all = backends();
  EXPECT_EQ(plan.backend(), std::ranges::find_if(all, &BackendStatus::usable)->backend);
  const std::string computes = devices().empty() ? cpu::instruction_set() : devices().front().name;
  EXPECT_NE(plan.device().find(computes), std::string::npos) << plan.device();
}

/// A trapezoid of 1 ms by its four corners.
const Waveform trapezoid{{-1e-3, -9e-4, -5e-5, 0.0}, {0.0, 1.0, 1.0, 0.0}};

/// The trapezoid by 2,000 points, no three of which are in line.
Waveform finely_divided() {
  Waveform waveform;
  const int points = 2000;
  for (int i = 0; i < points; ++i) {
    const double time = 1e-3 * (static_cast<double>(i) / (points - 1) - 1.0);
    const double current = std::min({(time + 1e-3) / 1e-4, 1.0, -time / 5e-5});
    waveform.times.push_back(time);
    waveform.currents.push_back(current * (1.0 + 1e-5 * std::sin(2.0 * i)));
  }
  return waveform;
}

std::int64_t evaluations(const Waveform& waveform) {
  System system = test::central_loop(test::log_times(1e-5, 1e-3, 11));
  system.moments[0].waveform = waveform;
  return Plan(system, test::plan_options(1e-2, {1.0, 1000.0})).accuracy().evaluations;
}

TEST(PlanWaveform, ItsLengthCostsNothingPerModel) {
  const auto few = static_cast<double>(evaluations(trapezoid));
  const auto many = static_cast<double>(evaluations(finely_divided()));
  EXPECT_NEAR(many / few, 1.0, 0.1) << few << " and " << many;
}

}  // namespace
}  // namespace stratem
