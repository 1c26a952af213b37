// The kernel, run on the host, against the cpu backend, on the plan of every system of
// data/systems.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/plan/ensemble.hpp"
#include "dispatch/planned.hpp"
#include "kernels/kernel_support.hpp"
#include "plan/plan_support.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

/// What sums of a few thousand terms of either sign may differ by. Seen: 2e-15 and 3e-7.
constexpr double double_difference = 1e-12;
constexpr double single_difference = 1e-5;

std::vector<std::string> systems() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(STRATEM_DATA_DIR "/systems")) {
    if (file.path().extension() == ".json") names.push_back(file.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

class KernelSystems : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Data, KernelSystems, testing::ValuesIn(systems()),
                         [](const auto& system) { return system.param; });

TEST_P(KernelSystems, GiveWhatTheCpuBackendGives) {
  const System system = read_system(STRATEM_DATA_DIR "/systems/" + GetParam() + ".json").system;
  const Options options = test::plan_options(1e-2);
  const core::PlanTable table = dispatch::obtain_plan(system, options).table;
  const ModelSet models = core::random_models({}, {1, 2, 3, 8, 30}, 2, 77);
  const double height = system.moments.front().transmitters.front().height;
  for (const bool heights : {false, true}) {
    ModelSet batch = models;
    if (heights) batch.height.assign(static_cast<std::size_t>(models.models), 0.9 * height);
    EXPECT_LT(test::worst_difference(table, models, test::run_kernel(table, system, batch.view()),
                                     test::run_cpu(table, system, batch.view())),
              double_difference);
    const core::PlanTable single = test::in_single_precision(table);
    EXPECT_LT(test::worst_difference(table, models, test::run_kernel(single, system, batch.view()),
                                     test::run_cpu(single, system, batch.view())),
              single_difference);
  }
}

}  // namespace
}  // namespace stratem
