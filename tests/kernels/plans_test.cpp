// Compares the kernel, run on the host, with the cpu backend, for plans as they are built.
// Differences are relative to the responses, and those that `validate` allows are allowed. Late
// responses over resistive ground are small remainders of large terms.
#include <gtest/gtest.h>

#include <string>

#include "core/plan/ensemble.hpp"
#include "dispatch/comparison.hpp"
#include "dispatch/plan_evaluator.hpp"
#include "kernels/kernel_support.hpp"
#include "plan/plan_support.hpp"
#include "stratem/io.hpp"
#include "stratem/validate.hpp"

namespace stratem {
namespace {

Comparison compared(const System& system, const Options& options) {
  const core::PlanTable table = dispatch::obtain_plan(system, options).table;
  const ModelSet models =
      core::random_models(core::ensemble_range(options), {1, 2, 3, 8, 30}, 400, 4711);
  return dispatch::compare(system, test::run_kernel(table, system, models.view()),
                           test::run_cpu(table, system, models.view()), false, 1);
}

System data_system(const std::string& name) {
  return read_system(STRATEM_DATA_DIR "/systems/" + name + ".json").system;
}

class KernelPlans : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Data, KernelPlans, testing::Values("ground_40x40", "tempest"),
                         [](const auto& system) { return system.param; });

TEST_P(KernelPlans, GiveWhatTheCpuBackendGivesInDouble) {
  const Comparison comparison = compared(data_system(GetParam()), test::plan_options(1e-4));
  EXPECT_LT(comparison.worst, allowed_float64);  // measured: 2e-11
  EXPECT_LT(comparison.median, 1e-14);
  RecordProperty("worst", std::to_string(comparison.worst / 1e-12) + "e-12");
}

TEST(KernelPlansInSingle, GiveWhatTheCpuBackendGives) {
  Options options = test::plan_options(1e-3);
  options.precision = Precision::float32;
  const Comparison comparison = compared(data_system("skytem312"), options);
  EXPECT_LT(comparison.worst, allowed_float32);
  EXPECT_GT(comparison.worst, 1e-9);  // it is in single precision
  RecordProperty("worst", std::to_string(comparison.worst / 1e-6) + "e-6");
}

}  // namespace
}  // namespace stratem
