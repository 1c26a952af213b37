// Compares the kernel, run on the host, with the plain kernel in long double. Errors are relative
// to the sum of the absolute values of a response's terms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "cpu/plain_kernel.hpp"
#include "kernels/kernel_support.hpp"

namespace stratem {
namespace {

using test::EarthKind;

// Measured: 4.8e-15 in the extreme earths, 2e-16 in the others; in single precision 4e-8.
constexpr double double_error = 5e-14;
constexpr double single_error = 1e-7;

class KernelAccuracy : public testing::Test {
 protected:
  static void expect_accuracy(const core::PlanTable& table, const ModelSet& models) {
    const double in_double =
        test::worst_error(table, models, test::run_kernel(table, models.view()));
    const double in_single = test::worst_error(
        table, models, test::run_kernel(test::in_single_precision(table), models.view()));
    const double in_both = test::worst_error(
        table, models, test::run_kernel(test::in_both_precisions(table), models.view()));
    EXPECT_LT(in_double, double_error);
    EXPECT_LT(in_single, single_error);
    EXPECT_LT(in_both, single_error);
    RecordProperty("error_in_double", std::to_string(in_double / 1e-16) + "e-16");
    RecordProperty("error_in_single", std::to_string(in_single / 1e-7) + "e-7");
  }

  test::Random random_{20240502};
};

TEST_F(KernelAccuracy, OneToThirtyLayers) {
  for (int i = 0; i < 4; ++i) {
    const auto table = test::random_table(random_);
    expect_accuracy(table, test::random_models(random_, 33, EarthKind{}));
  }
}

TEST_F(KernelAccuracy, EveryReflectionCoefficientByItself) {
  double in_double = 0.0;
  double in_single = 0.0;
  for (int i = 0; i < 300; ++i) {
    const auto table = test::one_reflection(random_);
    const auto models = test::random_models(random_, 17, {.layers = 10});
    in_double = std::max(in_double,
                         test::worst_error(table, models, test::run_kernel(table, models.view())));
    in_single = std::max(
        in_single,
        test::worst_error(table, models,
                          test::run_kernel(test::in_single_precision(table), models.view())));
  }
  // The accuracy required of the cpu backend.
  EXPECT_LT(in_double, 2e-13);
  EXPECT_LT(in_single, 3e-6);
  RecordProperty("error_in_single", std::to_string(in_single / 1e-7) + "e-7");
}

TEST_F(KernelAccuracy, ReflectionCoefficientsOfThinSheetsInSinglePrecision) {
  const double worst = test::worst_error_over_thin_sheets(
      random_, [](const core::PlanTable& table, const ModelBatch& models) {
        return test::run_kernel(test::in_single_precision(table), models);
      });
  EXPECT_LT(worst, 30 * 0x1p-24);  // seen: 8
  RecordProperty("error_in_single", std::to_string(worst / 1e-7) + "e-7");
}

TEST_F(KernelAccuracy, ReflectionCoefficientsOfThinSheetsByAdmittance) {
  const double worst = test::worst_error_over_thin_sheets(
      random_, [](core::PlanTable table, const ModelBatch& models) {
        table.by_admittance = true;
        return test::run_kernel(table, models);
      });
  EXPECT_LT(worst, 30 * 0x1p-53);
  RecordProperty("error_in_double", std::to_string(worst / 1e-16) + "e-16");
}

TEST_F(KernelAccuracy, TwoHundredLayers) {
  const auto table = test::random_table(random_);
  expect_accuracy(table, test::random_models(random_, 5, {.layers = 200, .varying_layers = false}));
}

TEST_F(KernelAccuracy, OneLayer) {
  const auto table = test::random_table(random_);
  expect_accuracy(table, test::random_models(random_, 5, {.layers = 1, .varying_layers = false}));
}

TEST_F(KernelAccuracy, PolarizableLayersAmongOthers) {
  // Polarization turns k further, so s is restricted to keep the arguments in the cut plane.
  const auto table = test::random_table(random_, 150.0);
  expect_accuracy(table, test::random_models(random_, 33, {.layers = 6, .polarizable = true}));
}

TEST_F(KernelAccuracy, PolarizationOfNoLayerIsNone) {
  const auto table = test::random_table(random_);
  ModelSet models = test::random_models(random_, 5, {.layers = 6});
  const Responses plain = test::run_kernel(table, models.view());
  models.chargeability.assign(models.resistivity.size(), 0.0);
  models.time_constant.assign(models.resistivity.size(), 1e-3);
  models.exponent.assign(models.resistivity.size(), 0.5);
  EXPECT_LT(test::worst_difference(table, models, test::run_kernel(table, models.view()), plain),
            double_error);
}

TEST_F(KernelAccuracy, HeightsPerModel) {
  const auto table = test::random_table(random_);
  expect_accuracy(table, test::random_models(random_, 33, {.layers = 4, .heights = true}));
}

TEST_F(KernelAccuracy, DepthsInPlaceOfThicknesses) {
  const auto table = test::random_table(random_);
  ModelSet models = test::random_models(random_, 5, {.layers = 4, .varying_layers = false});
  ModelSet by_depth = models;
  by_depth.thickness.clear();
  for (std::size_t m = 0; m < 5; ++m) {
    double depth = 0.0;
    for (std::size_t i = 0; i < 4; ++i) {
      by_depth.depth.push_back(depth);
      if (i < 3) depth += models.thickness[3 * m + i];
    }
  }
  EXPECT_LT(test::worst_error(table, models, test::run_kernel(table, by_depth.view())),
            double_error);
}

TEST_F(KernelAccuracy, NodesNearTheNegativeRealAxis) {
  // One rounding of k turns u by more the nearer to the axis it lies.
  const auto table = test::random_table(random_, 178.0);
  const auto models = test::random_models(random_, 33, {.layers = 5});
  EXPECT_LT(test::worst_error(table, models, test::run_kernel(table, models.view())), 1e-12);
}

TEST_F(KernelAccuracy, ExtremeEarthsGiveFiniteNumbers) {
  auto table = test::random_table(random_);
  table.windows[0].node = {{1e9, 1e3}, {-9e8, 4e8}, {1.0, 1e-3}};
  expect_accuracy(table, test::extreme_earths());
}

TEST_F(KernelAccuracy, InterfacesOutOfReachAreLeftOutWithinTheExponentAskedFor) {
  auto table = test::random_table(random_);
  const auto models = test::random_models(random_, 33, {.layers = 20});
  for (const double exponent : {10.0, 20.0}) {
    table.deepest_exponent = exponent;
    const double error = test::worst_error(table, models, test::run_kernel(table, models.view()));
    // The part left out is weaker by e^-exponent than an interface of that contrast at the surface.
    EXPECT_LT(error, 1e5 * std::exp(-exponent));
    EXPECT_GT(error, 0.0);
  }
}

}  // namespace
}  // namespace stratem
