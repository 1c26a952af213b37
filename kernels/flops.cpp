#include "kernels/launch.hpp"

namespace stratem::kernels {
namespace {

constexpr double product = 6, quotient = 12, exponential = 74;
// u: k (2), lambda^2 + k (1), the modulus (4), its sum with |re| (1), root and quotient (2).
constexpr double root = 2 + 1 + 4 + 1 + 2;

double by_echo(double layers) {
  // An interface: contrast (3), w + w (2), squared (5), two products with the echo and two sums.
  constexpr double interface = 3 + 2 + 5 + 2 * product + 4 + quotient;
  // Passing a layer: w h (2), its exponential, the product.
  constexpr double way = 2 + exponential + product;
  return layers * (root + interface) + (layers - 1) * way;
}

double by_admittance(double layers) {
  // g (1), 4 k (2)
  constexpr double constants = root + 1 + 2;
  // w h (2), its exponential and 1 minus it (5), g^2 (5), six products and four sums.
  constexpr double layer = 2 + exponential + 5 + 5 + 6 * product + 8 + quotient;
  // The basement's quotient; -Y (2), 4 lambda + Y (2) and r_TE.
  constexpr double ends = quotient + 2 + 2 + quotient;
  return layers * constants + (layers - 1) * layer + ends;
}

}  // namespace

double flops_per_evaluation(std::int64_t layers, Recursion recursion) {
  const auto count = static_cast<double>(layers);
  return recursion == Recursion::admittance ? by_admittance(count) : by_echo(count);
}

}  // namespace stratem::kernels
