// The tolerance of plans for many systems and tolerances, with seeds that are new in every run.
// Takes minutes. STRATEM_SEED repeats a run.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "cpu/cpu_evaluator.hpp"
#include "dispatch/plan_evaluator.hpp"
#include "plan/plan_support.hpp"
#include "stratem/io.hpp"
#include "support/reference_case.hpp"

namespace stratem {
namespace {

std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* given = std::getenv("STRATEM_SEED");  // NOLINT(concurrency-mt-unsafe)
    const std::uint64_t chosen = given ? std::stoull(given) : std::random_device()();
    std::cout << "STRATEM_SEED=" << chosen << std::endl;
    return chosen;
  }();
  return value;
}

void print(const Plan& plan, const char* what, const test::MeasuredError& error) {
  const PlanAccuracy& accuracy = plan.accuracy();
  std::cout << plan.system().name << ", " << plan.options().tolerance << ": " << what << " worst "
            << error.worst << ", median " << error.median << "; promised " << accuracy.worst << ", "
            << accuracy.evaluations << " evaluations, " << accuracy.seconds << " s" << std::endl;
}

class PlanSweep : public testing::TestWithParam<double> {};

INSTANTIATE_TEST_SUITE_P(Tolerances, PlanSweep, testing::Values(1e-3, 1e-4, 1e-6));

/// The options that a plan needs to cover a model.
Options options_for(const ModelSet& model, double tolerance) {
  Options options = test::plan_options(tolerance);
  const bool polarizable = !model.chargeability.empty();
  // At smaller tolerances not every system has a plan for polarizable layers: the reference
  // computes them.
  if (polarizable && tolerance < 1e-4) {
    options.out_of_range = OutOfRange::reference;
  } else {
    options.polarizable = polarizable;
  }
  return options;
}

TEST_P(PlanSweep, EveryCaseOfDataReferenceIsWithinTheTolerance) {
  std::map<std::string, std::unique_ptr<Plan>> plans;
  auto cases = test::reference_cases();
  for (auto& item : test::survey_cases()) cases.push_back(std::move(item));
  for (const auto& item : cases) {
    SCOPED_TRACE(item.name);
    System system = item.system;
    system.name.clear();
    const Options options = options_for(item.model, GetParam());
    auto& plan = plans[to_json(system) + (options.polarizable ? " polarizable" : "") +
                       std::string(to_string(options.out_of_range))];
    try {
      if (!plan) plan = std::make_unique<Plan>(item.system, options);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
      continue;
    }
    const Responses found = plan->forward(item.model.view());
    Responses expected(1, plan->gates());
    expected.response = item.expected;
    const auto error = test::measured_error(system, found, expected);
    print(*plan, item.name.c_str(), error);
    // The error of the files themselves is about 1e-8.
    EXPECT_LE(error.worst, GetParam() + 1e-8) << "gate " << error.gate;
  }
}

using PromiseCase = std::tuple<std::string, double>;

class PromiseSweep : public testing::TestWithParam<PromiseCase> {};

std::vector<std::string> system_names() {
  std::vector<std::string> names;
  const auto folder = std::filesystem::path(STRATEM_DATA_DIR) / "systems";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string case_name(const testing::TestParamInfo<PromiseCase>& set) {
  const double tolerance = std::get<1>(set.param);
  return std::get<0>(set.param) + "_" + std::to_string(std::lround(-std::log10(tolerance))) +
         "_digits";
}

INSTANTIATE_TEST_SUITE_P(Systems, PromiseSweep,
                         testing::Combine(testing::ValuesIn(system_names()),
                                          testing::Values(1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
                         case_name);

/// The plan of a system, over heights if it is airborne.
Plan plan_of(const std::string& name, Options options) {
  System system =
      read_system(std::filesystem::path(STRATEM_DATA_DIR) / "systems" / (name + ".json")).system;
  const double height = system.moments[0].transmitters[0].height;
  if (height > 5.0) options.height = Range{0.7 * height, 2.0 * height};
  return Plan(std::move(system), std::move(options));
}

void expect_promise(const Plan& plan, const char* what, const ModelSet& models) {
  const auto error = test::measured_error(plan, models);
  print(plan, what, error);
  EXPECT_LE(error.worst, plan.options().tolerance)
      << what << " of seed " << seed() << ", model " << error.model << ", gate " << error.gate;
}

void expect_promise_for_fresh_models(const Plan& plan) {
  const Options& options = plan.options();
  const auto range = core::ensemble_range(options);
  expect_promise(plan, "random",
                 core::random_models(range, {1, 2, 3, 4, 6, 8, 12, 20, 30}, 40, seed() + 1));
  expect_promise(plan, "thin", test::thin_layers(options, 60, seed() + 2));
  expect_promise(plan, "contrasts", test::contrasts(options, 100, seed() + 3));
  expect_promise(plan, "hundred layers", core::random_models(range, {100}, 20, seed() + 4));
  expect_promise(plan, "search", plan.hardest_models(200, seed() + 8));
}

TEST_P(PromiseSweep, FreshModelsStayWithinTheTolerance) {
  const auto& [name, tolerance] = GetParam();
  expect_promise_for_fresh_models(plan_of(name, test::plan_options(tolerance)));
}

class SinglePrecisionSweep : public testing::TestWithParam<PromiseCase> {};

INSTANTIATE_TEST_SUITE_P(Systems, SinglePrecisionSweep,
                         testing::Combine(testing::ValuesIn(system_names()),
                                          testing::Values(1e-2, 1e-3, 1e-4)),
                         case_name);

TEST_P(SinglePrecisionSweep, FreshModelsStayWithinTheTolerance) {
  const auto& [name, tolerance] = GetParam();
  Options options = test::plan_options(tolerance);
  options.precision = Precision::float32;
  const Plan plan = plan_of(name, options);
  for (const auto& window : plan.accuracy().windows) {
    std::cout << window.nodes_float32 << " of " << window.nodes << " nodes in single, ";
  }
  expect_promise_for_fresh_models(plan);
  // Rounding errors have long tails, and the reference is not needed to see them.
  const ModelSet many = core::random_models(core::ensemble_range(plan.options()),
                                            {1, 2, 3, 5, 8, 20}, 3000, seed() + 6);
  const core::PlanTable table = dispatch::obtain_plan(plan.system(), plan.options()).table;
  const cpu::CpuEvaluator in_double(table.in_double(), plan.system(), plan.options());
  Responses expected(many.models, plan.gates());
  in_double.forward(many.view(), expected.view());
  const auto error = test::measured_error(plan.system(), plan.forward(many.view()), expected);
  print(plan, "rounding", error);
  EXPECT_LE(error.worst, 0.5 * tolerance)
      << "seed " << seed() << ", model " << error.model << ", gate " << error.gate;
}

class PolarizableSweep : public testing::TestWithParam<PromiseCase> {};

INSTANTIATE_TEST_SUITE_P(Systems, PolarizableSweep,
                         testing::Combine(testing::ValuesIn(system_names()),
                                          testing::Values(1e-3, 1e-4)),
                         case_name);

TEST_P(PolarizableSweep, FreshModelsStayWithinTheTolerance) {
  const auto& [name, tolerance] = GetParam();
  Options options = test::plan_options(tolerance);
  options.polarizable = true;
  const Plan plan = plan_of(name, options);
  const auto range = core::ensemble_range(plan.options());
  expect_promise(plan, "polarizable",
                 core::random_models(range, {1, 2, 3, 5, 8, 20}, 80, seed() + 5));
  expect_promise(plan, "half-spaces",
                 test::polarizable_half_spaces(plan.options(), 1000, seed() + 7));
  expect_promise(plan, "search", plan.hardest_models(200, seed() + 8));
}

}  // namespace
}  // namespace stratem
