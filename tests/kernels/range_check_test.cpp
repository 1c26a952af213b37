// Models outside a plan's range: the kernel's check on the host flags those that the guard of
// responses on the host flags.
#include "kernels/range_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "dispatch/range_guard.hpp"
#include "kernels/kernel_support.hpp"

namespace stratem::test {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Hands out responses that have been computed before.
class Computed final : public core::Evaluator {
 public:
  explicit Computed(Responses responses) : responses_(std::move(responses)) {}
  void forward(const ModelBatch&, const ResponseView& to) const override {
    for (std::int64_t m = 0; m < responses_.models; ++m) {
      to.status[m] = responses_.status[static_cast<std::size_t>(m)];
      for (std::int64_t gate = 0; gate < responses_.gates; ++gate) {
        to.response(m, gate) = responses_(m, gate);
      }
    }
  }
  std::string device() const override { return "computed"; }

 private:
  Responses responses_;
};

class RangeCheck : public testing::Test {
 protected:
  /// The number of models that are flagged.
  static std::int64_t expect_as_guard(const ModelSet& models, const Options& options) {
    const System system = system_at_40_m();
    const Responses computed = some_responses(models);
    Responses expected = computed;
    dispatch::RangeGuard(std::make_unique<Computed>(computed), nullptr, options, system)
        .forward(models.view(), expected.view());
    for (const auto order : {kernels::ThreadOrder::forwards, kernels::ThreadOrder::interleaved}) {
      for (const std::int64_t blocks : {1, 3}) {
        Responses found = computed;
        kernels::check_range_on_host(models.view(), found, core::DeclaredRange(options, system),
                                     {.threads = 7, .blocks = blocks, .order = order});
        EXPECT_EQ(found.status, expected.status);
        for (std::size_t i = 0; i < found.response.size(); ++i) {
          EXPECT_EQ(std::bit_cast<std::uint64_t>(found.response[i]),
                    std::bit_cast<std::uint64_t>(expected.response[i]));
        }
      }
    }
    return std::ranges::count(expected.status, Status::out_of_range);
  }

  static Options options() {
    Options options;
    options.resistivity = {1.0, 1000.0};
    options.threads = 1;
    return options;
  }

 private:
  /// Every eleventh model has no finite response, every thirteenth is bad.
  static Responses some_responses(const ModelSet& models) {
    Responses responses(models.models, 3);
    for (std::size_t i = 0; i < responses.response.size(); ++i) {
      responses.response[i] = 1.0 / (1.0 + static_cast<double>(i));
    }
    for (std::size_t m = 0; m < responses.status.size(); ++m) {
      if (m % 11 == 5) responses.status[m] = Status::failed;
      if (m % 13 == 5) responses.status[m] = Status::bad_thickness;
      if (responses.status[m] == Status::ok) continue;
      for (std::size_t gate = 0; gate < 3; ++gate) responses.response[3 * m + gate] = nan;
    }
    return responses;
  }
};

TEST_F(RangeCheck, FlagsResistivitiesOutsideAndNotThoseOfLayersThatAModelLacks) {
  Random random(41);
  ModelSet models = random_models(random, 200, {.layers = 4});
  for (auto& rho : models.resistivity) rho = std::pow(10.0, uniform(random, -0.1, 3.1));
  const std::int64_t flagged = expect_as_guard(models, options());
  EXPECT_GT(flagged, 20);
  EXPECT_LT(flagged, 180);
}

TEST_F(RangeCheck, AllowsForRoundingAtTheBounds) {
  ModelSet models;
  models.models = 6;
  models.layers = 1;
  models.resistivity = {1.0, 1000.0, 1.0 - 1e-10, 1000.0 + 1e-7, 1.0 - 1e-8, 1000.0 + 1e-5};
  EXPECT_EQ(expect_as_guard(models, options()), 1);  // model 5 has another fault
}

TEST_F(RangeCheck, FlagsHeightsOutside) {
  Random random(42);
  const ModelSet models = random_models(random, 200, {.layers = 2, .heights = true});
  Options with_heights = options();
  with_heights.resistivity = {1e-4, 1e8};
  with_heights.height = Range{35.0, 45.0};
  const std::int64_t flagged = expect_as_guard(models, with_heights);
  EXPECT_GT(flagged, 20);
  EXPECT_LT(flagged, 180);
  with_heights.height.reset();  // then only the system's own height is in the range
  EXPECT_GT(expect_as_guard(models, with_heights), flagged);
}

TEST_F(RangeCheck, FlagsModelsWithoutHeightsIfTheSystemsIsOutside) {
  Random random(43);
  const ModelSet models = random_models(random, 20, {.layers = 2});
  Options higher = options();
  higher.resistivity = {1e-4, 1e8};
  EXPECT_EQ(expect_as_guard(models, higher), 0);
  higher.height = Range{60.0, 70.0};
  EXPECT_GT(expect_as_guard(models, higher), 15);
}

TEST_F(RangeCheck, FlagsPolarizationThatThePlanDoesNotCover) {
  Random random(44);
  ModelSet models = random_models(random, 300, {.layers = 2, .polarizable = true});
  for (auto& rho : models.resistivity) rho = uniform(random, 2.0, 900.0);
  for (auto& m : models.chargeability)
    m = uniform(random, 0.0, 1.0) < 0.3 ? 0.0 : uniform(random, 0.0, 0.95);
  for (auto& c : models.exponent) c = uniform(random, 0.05, 1.0);
  Options polarizable = options();
  const std::int64_t plain = expect_as_guard(models, polarizable);
  polarizable.polarizable = true;
  const std::int64_t covered = expect_as_guard(models, polarizable);
  EXPECT_GT(covered, 20);
  EXPECT_LT(covered, plain - 50);
}

}  // namespace
}  // namespace stratem::test
