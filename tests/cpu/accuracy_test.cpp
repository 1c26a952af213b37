// Compares the cpu backend with a plain kernel in long double. Errors are relative to the sum of
// the absolute values of a response's terms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "cpu/kernel.hpp"
#include "cpu/plain_kernel.hpp"

namespace stratem {
namespace {

using test::EarthKind;

// Required accuracy of sums. Measured: 1.2e-14 in the extreme earths, 2e-16 in the others; in
// single precision 2e-8.
constexpr double double_error = 5e-14;
constexpr double single_error = 1e-7;

/// Each test runs on every instruction set of this machine.
class CpuAccuracy : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(cpu::use_instruction_set(GetParam())); }
  void TearDown() override { cpu::use_instruction_set(""); }

  void expect_accuracy(const core::PlanTable& table, const ModelSet& models) {
    const double in_double = test::worst_error(table, models, test::run(table, models.view()));
    const double in_single =
        test::worst_error(table, models, test::run(table, models.view(), Precision::float32));
    EXPECT_LT(in_double, double_error);
    EXPECT_LT(in_single, single_error);
    RecordProperty("error_in_double", std::to_string(in_double / 1e-16) + "e-16");
    RecordProperty("error_in_single", std::to_string(in_single / 1e-7) + "e-7");
  }

  test::Random random_{20240501};
};

INSTANTIATE_TEST_SUITE_P(InstructionSets, CpuAccuracy, testing::ValuesIn(cpu::instruction_sets()),
                         [](const auto& set) { return set.param; });

TEST_P(CpuAccuracy, OneToThirtyLayers) {
  for (int i = 0; i < 4; ++i) {
    const auto table = test::random_table(random_);
    expect_accuracy(table, test::random_models(random_, 33, EarthKind{}));
  }
}

TEST_P(CpuAccuracy, EveryReflectionCoefficientByItself) {
  double in_double = 0.0;
  double in_single = 0.0;
  for (int i = 0; i < 300; ++i) {
    const auto table = test::one_reflection(random_);
    const auto models = test::random_models(random_, 17, {.layers = 10});
    in_double =
        std::max(in_double, test::worst_error(table, models, test::run(table, models.view())));
    in_single = std::max(
        in_single,
        test::worst_error(table, models, test::run(table, models.view(), Precision::float32)));
  }
  // Waves that went through layers of many radians carry the rounding of their phase. Seen: 5.2e-14
  // and 7.4e-7.
  EXPECT_LT(in_double, 2e-13);
  EXPECT_LT(in_single, 3e-6);
  RecordProperty("error_in_single", std::to_string(in_single / 1e-7) + "e-7");
}

TEST_P(CpuAccuracy, ReflectionCoefficientsOfThinSheetsInSinglePrecision) {
  const double worst = test::worst_error_over_thin_sheets(
      random_, [](const core::PlanTable& table, const ModelBatch& models) {
        return test::run(table, models, Precision::float32);
      });
  EXPECT_LT(worst, 30 * 0x1p-24);  // seen: 8
  RecordProperty("error_in_single", std::to_string(worst / 1e-7) + "e-7");
}

TEST_P(CpuAccuracy, ReflectionCoefficientsOfThinSheetsByAdmittance) {
  const auto worst_of = [](bool by_admittance) {
    test::Random random(20240506);
    return test::worst_error_over_thin_sheets(random,
                                              [&](core::PlanTable table, const ModelBatch& models) {
                                                table.by_admittance = by_admittance;
                                                return test::run(table, models);
                                              });
  };
  const double worst = worst_of(true);
  EXPECT_LT(worst, 30 * 0x1p-53);
  EXPECT_GT(worst_of(false), 5.0 * worst);
  RecordProperty("error_in_double", std::to_string(worst / 1e-16) + "e-16");
}

TEST_P(CpuAccuracy, TwoHundredLayers) {
  const auto table = test::random_table(random_);
  const EarthKind kind{.layers = 200, .varying_layers = false};
  expect_accuracy(table, test::random_models(random_, 5, kind));
}

TEST_P(CpuAccuracy, PolarizableLayersAmongOthers) {
  // Polarization turns k further, so s is restricted to keep the arguments in the cut plane.
  const auto table = test::random_table(random_, 150.0);
  expect_accuracy(table, test::random_models(random_, 33, {.layers = 6, .polarizable = true}));
}

TEST_P(CpuAccuracy, HeightsPerModel) {
  const auto table = test::random_table(random_);
  expect_accuracy(table, test::random_models(random_, 33, {.layers = 4, .heights = true}));
}

TEST_P(CpuAccuracy, NodesNearTheNegativeRealAxis) {
  // One rounding of k turns u by more the nearer to the axis it lies.
  const auto table = test::random_table(random_, 178.0);
  const auto models = test::random_models(random_, 33, {.layers = 5});
  EXPECT_LT(test::worst_error(table, models, test::run(table, models.view())), 1e-12);
}

TEST_P(CpuAccuracy, ExtremeEarthsGiveFiniteNumbers) {
  auto table = test::random_table(random_);
  table.windows[0].node = {{1e9, 1e3}, {-9e8, 4e8}, {1.0, 1e-3}};
  expect_accuracy(table, test::extreme_earths());
}

TEST_P(CpuAccuracy, InterfacesOutOfReachAreLeftOutWithinTheExponentAskedFor) {
  auto table = test::random_table(random_);
  const auto models = test::random_models(random_, 33, {.layers = 20});
  for (const double exponent : {10.0, 20.0}) {
    table.deepest_exponent = exponent;
    const double error = test::worst_error(table, models, test::run(table, models.view()));
    // The part left out is weaker by e^-exponent than an interface of that contrast at the surface.
    EXPECT_LT(error, 1e5 * std::exp(-exponent));
    EXPECT_GT(error, 0.0);
  }
}

TEST_P(CpuAccuracy, EqualNeighboursAreOneLayer) {
  const auto table = test::random_table(random_);
  ModelSet split;
  split.models = 1;
  split.layers = 5;
  split.resistivity = {10, 10, 300, 300, 300};
  split.thickness = {3, 4, 5, 6};
  ModelSet whole = split;
  whole.layers = 2;
  whole.resistivity = {10, 300};
  whole.thickness = {7};
  EXPECT_EQ(test::run(table, split.view()).response, test::run(table, whole.view()).response);
}

TEST(CpuInstructionSets, AgreeToAFewRoundings) {
  test::Random random(3);
  const auto table = test::random_table(random);
  const auto models = test::random_models(random, 40, EarthKind{});
  const Responses best = test::run(table, models.view());
  for (const auto& name : cpu::instruction_sets()) {
    ASSERT_TRUE(cpu::use_instruction_set(name));
    EXPECT_EQ(cpu::instruction_set(), name);
    const Responses other = test::run(table, models.view());
    for (std::int64_t m = 0; m < models.models; ++m) {
      const auto plain = test::plain_response(table, models, m);
      for (std::int64_t gate = 0; gate < table.gates; ++gate) {
        EXPECT_NEAR(other(m, gate), best(m, gate),
                    double_error * static_cast<double>(plain.size[static_cast<std::size_t>(gate)]));
      }
    }
  }
  EXPECT_FALSE(cpu::use_instruction_set("none such"));
  EXPECT_EQ(cpu::instruction_set(), cpu::instruction_sets().front());
}

}  // namespace
}  // namespace stratem
