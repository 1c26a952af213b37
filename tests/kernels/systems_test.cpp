// Compares the kernel, run on the host, with the cpu backend, on the plan of every system of
// data/systems.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/plan/builder.hpp"
#include "core/plan/ensemble.hpp"
#include "kernels/kernel_support.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

// Relative to the sum of the absolute values of a response's terms. Measured: 2e-16 and 7e-8.
constexpr double double_difference = 1e-13;
constexpr double single_difference = 1e-6;

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

/// The table of a system's plan, except for the weights of its wavenumbers. These are fitted to
/// substitutes for the true responses, which take the reference half a minute and do not affect
/// this comparison.
core::PlanTable table_of(const System& system) {
  const std::int64_t gates = gate_count(system);
  const auto stand_in = [gates](const ModelSet& models) {
    Responses responses(models.models, gates);
    for (std::int64_t i = 0; i < models.models * gates; ++i) {
      const double resistivity =
          models.resistivity[static_cast<std::size_t>(i / gates * models.layers)];
      responses.response[static_cast<std::size_t>(i)] =
          1.0 / resistivity / static_cast<double>(1 + i % gates);
    }
    return responses;
  };
  core::PlanBackends backends;
  backends.truth = stand_in;
  backends.fast = [stand_in](const core::PlanTable&, const ModelSet& models) {
    return stand_in(models);
  };
  Options options;
  options.tolerance = 1e-2;
  return core::build_plan(system, options, backends).table;
}

TEST_P(KernelSystems, GiveWhatTheCpuBackendGives) {
  const System system = read_system(STRATEM_DATA_DIR "/systems/" + GetParam() + ".json").system;
  const core::PlanTable table = table_of(system);
  const ModelSet models = core::random_models({}, {1, 2, 3, 8, 30}, 2, 77);
  const double height = system.moments.front().transmitters.front().height;
  for (const bool heights : {false, true}) {
    ModelSet batch = models;
    if (heights) batch.height.assign(static_cast<std::size_t>(models.models), 0.9 * height);
    const auto difference = [&](const core::PlanTable& plan) {
      return test::worst_difference(plan, models, test::run_kernel(plan, system, batch.view()),
                                    test::run_cpu(plan, system, batch.view()));
    };
    const double in_double = difference(table);
    const double in_single = difference(test::in_single_precision(table));
    EXPECT_LT(in_double, double_difference);
    EXPECT_LT(in_single, single_difference);
    RecordProperty("difference_in_double", std::to_string(in_double / 1e-16) + "e-16");
    RecordProperty("difference_in_single", std::to_string(in_single / 1e-7) + "e-7");
  }
}

}  // namespace
}  // namespace stratem
