// A loop on a homogeneous half-space, in closed form: Ward and Hohmann (1988), equations 4.96
// and 4.98 (receiver in the centre, everything on the ground), summed with 100 digits because the
// terms cancel at late times.
#include <gtest/gtest.h>

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include "support/systems.hpp"

namespace stratem {
namespace {

using Wide = boost::multiprecision::cpp_bin_float_100;

double closed_form(Quantity quantity, double radius, double resistivity, double time) {
  const Wide pi = boost::math::constants::pi<Wide>();
  const Wide a = radius;
  const Wide sigma = 1 / Wide(resistivity);
  const Wide mu = Wide(4e-7) * pi;
  const Wide x = sqrt(mu * sigma / (4 * Wide(time))) * a;
  const Wide erf = boost::math::erf(x);
  const Wide gauss = exp(-x * x);
  const Wide value =
      quantity == Quantity::dbdt
          ? (3 * erf - 2 / sqrt(pi) * x * (3 + 2 * x * x) * gauss) / (sigma * a * a * a)
          : mu / (2 * a) * (3 / (sqrt(pi) * x) * gauss + (1 - 3 / (2 * x * x)) * erf);
  return static_cast<double>(value);
}

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
        EXPECT_NEAR(response[g] / closed_form(GetParam(), radius, rho, time), 1.0, 1e-6)
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
