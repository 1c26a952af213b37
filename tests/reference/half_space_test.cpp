// The reference backend on a homogeneous half-space.
#include <gtest/gtest.h>

#include <cmath>

#include "support/half_space.hpp"
#include "support/systems.hpp"

namespace stratem {
namespace {

class HalfSpace : public testing::TestWithParam<Quantity> {};

TEST_P(HalfSpace, OnTheGroundMeetsTheClosedForm) {
  for (const double radius : {1.0, 10.0, 50.0}) {
    System system = test::central_loop(test::log_times(1e-7, 1e-1, 25));
    auto& moment = system.moments[0];
    moment.quantity = GetParam();
    moment.transmitters[0].loop = Circle{radius};
    moment.transmitters[0].height = 0.0;
    moment.receivers[0].height = 0.0;
    for (const double rho : {0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0}) {
      const auto response = test::reference_response(system, test::layered({rho}, {}));
      for (std::size_t g = 0; g < response.size(); ++g) {
        const double time = moment.gates[g].open;
        EXPECT_NEAR(response[g] / test::half_space_on_ground(GetParam(), radius, rho, time), 1.0,
                    1e-6)
            << radius << " m, " << rho << " ohm-m, " << time << " s";
      }
    }
  }
}

TEST(HalfSpace, DecaysAsTimeToTheMinusFiveHalves) {
  const System system = test::central_loop({{0.5, 0.5}, {1.0, 1.0}});
  const auto response = test::reference_response(system, test::layered({1000.0}, {}));
  EXPECT_NEAR(std::log2(response[0] / response[1]), 2.5, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Quantities, HalfSpace, testing::Values(Quantity::dbdt, Quantity::b),
                         [](const auto& quantity) {
                           return quantity.param == Quantity::b ? "FluxDensity" : "ItsDerivative";
                         });

}  // namespace
}  // namespace stratem
