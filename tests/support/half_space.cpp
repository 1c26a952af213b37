#include "support/half_space.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

namespace stratem::test {
namespace {

using Wide = boost::multiprecision::cpp_bin_float_100;

}  // namespace

double half_space_on_ground(Quantity quantity, double radius, double resistivity, double time) {
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

}  // namespace stratem::test
