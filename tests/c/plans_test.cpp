// Plans of the C interface: their making, its callback, forward computation against the interface
// for C++, and the faults of each call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "c/handles.hpp"
#include "c/support.hpp"
#include "stratem/backends.hpp"
#include "stratem/plan.hpp"

namespace stratem::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::int64_t gates = 9;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// On the cpu: made once for all tests.
const PlanHandle& cpu_plan() {
  static const PlanHandle plan = plan_handle(nine_gates(), quick_options());
  return plan;
}

/// Two polarizable models of three layers with heights; the second has two layers.
ModelSet polarizable_models() {
  ModelSet models;
  models.models = 2;
  models.layers = 3;
  models.resistivity = {20.0, 90.0, 50.0, 30.0, 60.0, none};
  models.thickness = {15.0, 40.0, 25.0, none};
  models.layer_count = {3, 2};
  models.chargeability = {0.1, 0.2, 0.3, 0.4, 0.0, none};
  models.time_constant = {1e-3, 1e-2, 1e-4, 1e-3, 1e-3, none};
  models.exponent = {0.5, 0.4, 0.3, 0.5, 0.5, none};
  models.height = {2.0, 3.0};
  return models;
}

stratem_models struct_of(const ModelSet& set) {
  const auto data = [](const auto& values) { return values.empty() ? nullptr : values.data(); };
  stratem_models models{};
  models.struct_size = sizeof models;
  models.models = set.models;
  models.layers = set.layers;
  models.resistivity.data = data(set.resistivity);
  models.thickness.data = data(set.thickness);
  models.depth.data = data(set.depth);
  models.layer_count.data = data(set.layer_count);
  models.chargeability.data = data(set.chargeability);
  models.time_constant.data = data(set.time_constant);
  models.exponent.data = data(set.exponent);
  models.height.data = data(set.height);
  return models;
}

/// Arrays of responses with the struct that names them.
struct Written {
  explicit Written(std::int64_t models)
      : response(static_cast<std::size_t>(models * gates), -1.0),
        status(static_cast<std::size_t>(models), 255) {
    to.struct_size = sizeof to;
    to.gates = gates;
    to.response = response.data();
    to.status = status.data();
  }
  std::vector<double> response;
  std::vector<std::uint8_t> status;
  stratem_responses to{};
};

void expect_equal(const Written& written, const Responses& expected) {
  EXPECT_EQ(written.response, expected.response);
  for (std::size_t m = 0; m < written.status.size(); ++m) {
    EXPECT_EQ(written.status[m], static_cast<std::uint8_t>(expected.status[m]));
  }
}

TEST(CPlan, ComputesDenseModelsAsInCpp) {
  const PlanHandle& plan = cpu_plan();
  ModelSet models = layered({20.0, 80.0, 30.0}, {10.0, 50.0});
  append(models, layered({20.0, -1.0, 30.0}, {10.0, 50.0}));
  append(models, layered({20.0, 500.0, 30.0}, {10.0, 50.0}));
  Written written(3);
  ASSERT_EQ(
      stratem_plan_forward(plan.get(), 3, 3, models.resistivity.data(), models.thickness.data(),
                           gates, written.response.data(), written.status.data()),
      STRATEM_OK)
      << stratem_last_error();
  const Responses expected = plan->plan.forward(models.view());
  EXPECT_EQ(written.status,
            (std::vector<std::uint8_t>{STRATEM_STATUS_OK, STRATEM_STATUS_BAD_RESISTIVITY,
                                       STRATEM_STATUS_OUT_OF_RANGE}));
  for (std::size_t g = 0; g < gates; ++g) EXPECT_EQ(written.response[g], expected.response[g]);
  for (std::size_t i = gates; i < 3 * gates; ++i) EXPECT_TRUE(std::isnan(written.response[i]));
}

TEST(CPlan, ComputesAllArraysOfModels) {
  const PlanHandle plan = reference_plan();
  const ModelSet set = polarizable_models();
  const stratem_models models = struct_of(set);
  Written written(2);
  ASSERT_EQ(stratem_plan_forward_models(plan.get(), &models, &written.to), STRATEM_OK)
      << stratem_last_error();
  expect_equal(written, plan->plan.forward(set.view()));

  ModelSet deep = layered({20.0, 80.0}, {10.0});
  deep.thickness.clear();
  deep.depth = {0.0, 10.0};
  const stratem_models with_depths = struct_of(deep);
  Written one(1);
  ASSERT_EQ(stratem_plan_forward_models(plan.get(), &with_depths, &one.to), STRATEM_OK);
  expect_equal(one, plan->plan.forward(layered({20.0, 80.0}, {10.0}).view()));
}

TEST(CPlan, TakesAndWritesArraysWithStrides) {
  const PlanHandle plan = reference_plan();
  // In Fortran's order, models backwards, one exponent for all, time constants of a layer for all.
  const std::vector<double> resistivity{30.0, 20.0, 60.0, 90.0, 40.0, 50.0};
  const std::vector<double> thickness{25.0, 15.0, 35.0, 40.0};
  const std::vector<double> chargeability{0.1, 0.2, 0.3, -1.0, 0.4, 0.0, 0.2, -1.0};
  const std::vector<double> time_constant{1e-3, 1e-2, 1e-4};
  const double exponent = 0.5;
  const std::vector<double> height{3.0, -1.0, 2.0};
  const std::vector<std::int32_t> layer_count{2, -1, 3};
  stratem_models models{};
  models.struct_size = sizeof models;
  models.models = 2;
  models.layers = 3;
  models.resistivity = {resistivity.data() + 1, -1, 2};
  models.thickness = {thickness.data() + 1, -1, 2};
  models.chargeability = {chargeability.data(), 4, 0};
  models.time_constant = {time_constant.data(), STRATEM_BROADCAST, 0};
  models.exponent = {&exponent, STRATEM_BROADCAST, STRATEM_BROADCAST};
  models.height = {height.data() + 2, -2};
  models.layer_count = {layer_count.data() + 2, -2};
  std::vector<double> response(2 * gates, -1.0);
  std::vector<std::uint8_t> status(4, 255);
  stratem_responses responses{sizeof responses, gates, response.data(), 1, 2, status.data(), 3};
  ASSERT_EQ(stratem_plan_forward_models(plan.get(), &models, &responses), STRATEM_OK)
      << stratem_last_error();

  ModelSet dense = polarizable_models();
  dense.resistivity = {20.0, 90.0, 50.0, 30.0, 60.0, 40.0};
  dense.thickness = {15.0, 40.0, 25.0, 35.0};
  dense.chargeability = {0.1, 0.2, 0.3, 0.4, 0.0, 0.2};
  dense.time_constant = {1e-3, 1e-2, 1e-4, 1e-3, 1e-2, 1e-4};
  dense.exponent.assign(6, 0.5);
  const Responses expected = plan->plan.forward(dense.view());
  for (std::size_t m = 0; m < 2; ++m) {
    for (std::size_t g = 0; g < gates; ++g) {
      EXPECT_EQ(response[g * 2 + m], expected.response[m * gates + g]);
    }
  }
  EXPECT_EQ(status, (std::vector<std::uint8_t>{0, 255, 255, 0}));
}

TEST(CPlan, NeedsNoArraysForNoModels) {
  EXPECT_EQ(stratem_plan_forward(cpu_plan().get(), 0, 3, nullptr, nullptr, gates, nullptr, nullptr),
            STRATEM_OK)
      << stratem_last_error();
}

TEST(CPlan, RefusesShapesThatDoNotFit) {
  const PlanHandle& plan = cpu_plan();
  const ModelSet set = layered({20.0, 80.0}, {10.0});
  const double* const resistivity = set.resistivity.data();
  const double* const thickness = set.thickness.data();
  Written written(1);
  const auto forward = [&](std::int64_t models, std::int64_t layers, const double* r,
                           const double* t, std::int64_t g) {
    return stratem_plan_forward(plan.get(), models, layers, r, t, g, written.response.data(),
                                written.status.data());
  };
  expect_input_error(forward(-1, 2, resistivity, thickness, gates),
                     "models: -1 models, allowed is 0 or more");
  expect_input_error(forward(1, 0, resistivity, thickness, gates),
                     "models: 0 layers, allowed is 1 to 200");
  expect_input_error(forward(1, 2, nullptr, thickness, gates), "resistivity: missing");
  EXPECT_EQ(forward(1, 2, resistivity, nullptr, gates), STRATEM_ERROR_INPUT);
  EXPECT_EQ(forward(1, 2, resistivity, thickness, gates - 1), STRATEM_ERROR_INPUT);
  EXPECT_THAT(stratem_last_error(), StartsWith("response: shape is [1, 8], allowed is"));
  EXPECT_EQ(written.status[0], 255);
  EXPECT_EQ(written.response, std::vector<double>(gates, -1.0));
}

TEST(CPlan, RefusesBadStructs) {
  const PlanHandle& plan = cpu_plan();
  const ModelSet set = layered({20.0, 80.0}, {10.0});
  const stratem_models models = struct_of(set);
  const Written written(1);
  const auto forward = [&](auto change) {
    stratem_models from = models;
    stratem_responses to = written.to;
    change(from, to);
    return stratem_plan_forward_models(plan.get(), &from, &to);
  };
  using M = stratem_models&;
  using R = stratem_responses&;
  EXPECT_EQ(forward([](M from, R) { from.struct_size = 0; }), STRATEM_ERROR_INPUT);
  EXPECT_THAT(stratem_last_error(), StartsWith("models.struct_size: 0"));
  EXPECT_EQ(forward([](M, R to) { to.struct_size = 0; }), STRATEM_ERROR_INPUT);
  EXPECT_THAT(stratem_last_error(), StartsWith("responses.struct_size: 0"));
  expect_input_error(forward([](M, R to) { to.response = nullptr; }), "response: NULL");
  expect_input_error(forward([](M, R to) { to.status = nullptr; }), "status: NULL");
  const std::string broadcast = ": STRATEM_BROADCAST, allowed only for arrays that are read";
  expect_input_error(forward([](M, R to) { to.model_stride = STRATEM_BROADCAST; }),
                     "model_stride" + broadcast);
  expect_input_error(forward([](M, R to) { to.gate_stride = STRATEM_BROADCAST; }),
                     "gate_stride" + broadcast);
  expect_input_error(forward([](M, R to) { to.status_stride = STRATEM_BROADCAST; }),
                     "status_stride" + broadcast);
}

TEST(CPlan, RefusesNull) {
  const PlanHandle plan = reference_plan();
  const SystemHandle system = system_handle();
  const ModelSet set = layered({20.0}, {});
  const stratem_models models = struct_of(set);
  Written written(1);
  stratem_plan* other = nullptr;
  std::int64_t number = 0;
  double worst = 0.0;
  const char* word = nullptr;
  stratem_accuracy accuracy{};
  accuracy.struct_size = sizeof accuracy;
  expect_input_error(stratem_plan_create(nullptr, nullptr, nullptr, nullptr, &other),
                     "system: NULL");
  expect_input_error(stratem_plan_create(system.get(), nullptr, nullptr, nullptr, nullptr),
                     "plan: NULL");
  expect_input_error(stratem_plan_on(nullptr, "cpu", &other), "plan: NULL");
  expect_input_error(stratem_plan_on(plan.get(), nullptr, &other), "backend: NULL");
  expect_input_error(stratem_plan_on(plan.get(), "cpu", nullptr), "other: NULL");
  expect_input_error(stratem_plan_gate_count(nullptr, &number), "plan: NULL");
  expect_input_error(stratem_plan_gate_count(plan.get(), nullptr), "gates: NULL");
  expect_input_error(stratem_plan_backend(nullptr, &word), "plan: NULL");
  expect_input_error(stratem_plan_backend(plan.get(), nullptr), "backend: NULL");
  expect_input_error(stratem_plan_device(nullptr, nullptr, 0, nullptr), "plan: NULL");
  expect_input_error(stratem_plan_accuracy(nullptr, &accuracy), "plan: NULL");
  expect_input_error(stratem_plan_accuracy(plan.get(), nullptr), "accuracy: NULL");
  expect_input_error(stratem_plan_validate(nullptr, 1, 1, &worst), "plan: NULL");
  expect_input_error(stratem_plan_validate(plan.get(), 1, 1, nullptr), "worst: NULL");
  expect_input_error(stratem_plan_forward_models(nullptr, &models, &written.to), "plan: NULL");
  expect_input_error(stratem_plan_forward_models(plan.get(), nullptr, &written.to), "models: NULL");
  expect_input_error(stratem_plan_forward_models(plan.get(), &models, nullptr), "responses: NULL");
  expect_input_error(stratem_plan_forward(nullptr, 1, 1, nullptr, nullptr, gates, nullptr, nullptr),
                     "plan: NULL");
  stratem_plan_destroy(nullptr);
}

TEST(CPlan, TellsWhatItIs) {
  const PlanHandle& plan = cpu_plan();
  const Plan& expected = plan->plan;
  std::int64_t count = 0;
  ASSERT_EQ(stratem_plan_gate_count(plan.get(), &count), STRATEM_OK);
  EXPECT_EQ(count, gates);
  const char* backend = nullptr;
  ASSERT_EQ(stratem_plan_backend(plan.get(), &backend), STRATEM_OK);
  EXPECT_STREQ(backend, "cpu");
  std::array<char, 1000> device{};
  ASSERT_EQ(stratem_plan_device(plan.get(), device.data(), device.size(), nullptr), STRATEM_OK);
  EXPECT_EQ(device.data(), expected.device());

  stratem_accuracy accuracy{};
  accuracy.struct_size = sizeof accuracy;
  ASSERT_EQ(stratem_plan_accuracy(plan.get(), &accuracy), STRATEM_OK);
  EXPECT_EQ(accuracy.worst, expected.accuracy().worst);
  EXPECT_EQ(accuracy.median, expected.accuracy().median);
  EXPECT_EQ(accuracy.worst_gate, expected.accuracy().worst_gate);
  EXPECT_EQ(accuracy.worst_time, expected.accuracy().worst_time);
  EXPECT_EQ(accuracy.search_worst, expected.accuracy().search.worst);
  EXPECT_EQ(accuracy.searched_models, expected.accuracy().search.candidates);
  EXPECT_EQ(accuracy.held_out_models, expected.accuracy().held_out_models);
  EXPECT_EQ(accuracy.evaluations, expected.accuracy().evaluations);
  EXPECT_EQ(accuracy.seconds, expected.accuracy().seconds);
  EXPECT_EQ(accuracy.from_cache, 0);
}

TEST(CPlan, IsTheSameOnAnotherBackend) {
  const auto other = made<PlanHandle>(
      [](auto* handle) { return stratem_plan_on(cpu_plan().get(), "reference", handle); });
  EXPECT_EQ(other->plan.backend(), Backend::reference);
  stratem_plan* other_plan = nullptr;
  EXPECT_EQ(stratem_plan_on(cpu_plan().get(), "gpu", &other_plan), STRATEM_ERROR_INPUT);
  EXPECT_EQ(other_plan, nullptr);
}

TEST(CPlan, IsValidatedAgainstTheReference) {
  double worst = -1.0;
  ASSERT_EQ(stratem_plan_validate(cpu_plan().get(), 20, 3, &worst), STRATEM_OK)
      << stratem_last_error();
  EXPECT_GT(worst, 0.0);
  EXPECT_LT(worst, 1e-1);
  EXPECT_EQ(stratem_plan_validate(cpu_plan().get(), 0, 3, &worst), STRATEM_ERROR_INPUT);
  EXPECT_EQ(stratem_plan_validate(reference_plan().get(), 5, 3, &worst), STRATEM_ERROR_INPUT);
}

struct Calls {
  std::vector<double> fractions;
  std::thread::id thread;
  double cancel_at = 2.0;
};

int note_call(const stratem_progress* progress, void* context) {
  Calls& calls = *static_cast<Calls*>(context);
  EXPECT_EQ(progress->struct_size, sizeof(stratem_progress));
  EXPECT_GE(progress->seconds, 0.0);
  calls.fractions.push_back(progress->fraction);
  calls.thread = std::this_thread::get_id();
  return progress->fraction >= calls.cancel_at ? 1 : 0;
}

TEST(CPlan, TellsACallbackHowFarItIs) {
  const SystemHandle system = system_handle();
  const OptionsHandle options = quick_options();
  Calls calls;
  const auto plan = made<PlanHandle>([&](auto* handle) {
    return stratem_plan_create(system.get(), options.get(), note_call, &calls, handle);
  });
  ASSERT_GE(calls.fractions.size(), 2u);
  EXPECT_EQ(calls.fractions.front(), 0.0);
  EXPECT_EQ(calls.fractions.back(), 1.0);
  EXPECT_EQ(calls.thread, std::this_thread::get_id());
}

TEST(CPlan, IsCancelledByItsCallback) {
  const SystemHandle system = system_handle();
  const OptionsHandle options = quick_options();
  Calls calls;
  calls.cancel_at = 0.0;
  auto* plan = reinterpret_cast<stratem_plan*>(&calls);
  EXPECT_EQ(stratem_plan_create(system.get(), options.get(), note_call, &calls, &plan),
            STRATEM_ERROR_CANCELLED);
  EXPECT_EQ(plan, nullptr);
  EXPECT_EQ(calls.fractions.size(), 1u);
}

TEST(CPlan, KeepsExceptionsOfACallbackInside) {
  const SystemHandle system = system_handle();
  const OptionsHandle options = quick_options();
  stratem_plan* plan = nullptr;
  EXPECT_EQ(
      stratem_plan_create(
          system.get(), options.get(),
          [](const stratem_progress*, void*) -> int { throw std::logic_error("of a caller"); },
          nullptr, &plan),
      STRATEM_ERROR_INTERNAL);
  EXPECT_STREQ(stratem_last_error(), "of a caller");
  EXPECT_EQ(
      stratem_plan_create(
          system.get(), options.get(),
          [](const stratem_progress*, void*) -> int { throw std::bad_alloc(); }, nullptr, &plan),
      STRATEM_ERROR_MEMORY);
  EXPECT_STREQ(stratem_last_error(), "not enough memory");
  EXPECT_EQ(stratem_plan_create(
                system.get(), options.get(), [](const stratem_progress*, void*) -> int { throw 1; },
                nullptr, &plan),
            STRATEM_ERROR_INTERNAL);
  EXPECT_EQ(plan, nullptr);
}

TEST(CPlan, SaysThatABackendIsUnavailable) {
  const SystemHandle system = system_handle();
  const OptionsHandle options = quick_options("cuda");
  stratem_plan* plan = nullptr;
  for (const auto& status : backends()) {
    if (status.backend == Backend::cuda && status.usable) GTEST_SKIP() << "cuda is usable";
  }
  EXPECT_EQ(stratem_plan_create(system.get(), options.get(), nullptr, nullptr, &plan),
            STRATEM_ERROR_UNAVAILABLE);
  EXPECT_THAT(stratem_last_error(), StartsWith("backend cuda: "));
}

TEST(CPlan, ComputesInSeveralThreadsThatKeepTheirOwnMessages) {
  const PlanHandle& plan = cpu_plan();
  const ModelSet models = layered({20.0, 80.0, 30.0}, {10.0, 50.0});
  const Responses expected = plan->plan.forward(models.view());
  const auto work = [&](std::int64_t layers) {
    for (int repeat = 0; repeat < 50; ++repeat) {
      Written written(1);
      const auto forward = [&](std::int64_t l) {
        return stratem_plan_forward(plan.get(), 1, l, models.resistivity.data(),
                                    models.thickness.data(), gates, written.response.data(),
                                    written.status.data());
      };
      expect_input_error(forward(layers),
                         "models: " + std::to_string(layers) + " layers, allowed is 1 to 200");
      ASSERT_EQ(forward(3), STRATEM_OK);
      EXPECT_EQ(written.response, expected.response);
      // A call that succeeds leaves the message.
      EXPECT_THAT(stratem_last_error(), HasSubstr(std::to_string(layers) + " layers"));
    }
  };
  std::vector<std::thread> threads;
  for (const std::int64_t layers : {201, 301, 401, 501}) threads.emplace_back(work, layers);
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace stratem::test
