#include "kernels/launch.hpp"

namespace stratem::kernels {

double flops_per_evaluation(std::int64_t layers) {
  // u: k (2), lambda^2 + k (1), the modulus (4), its sum with |re| (1), root and quotient (2).
  constexpr double root = 2 + 1 + 4 + 1 + 2;
  // An interface: contrast (3), w + w (2), squared (5), two products with the echo and two sums
  // (16), the quotient (12).
  constexpr double interface = 3 + 2 + 5 + 16 + 12;
  // The way through a layer: w h (2), its exponential, the product (6).
  constexpr double way = 2 + 74 + 6;
  const auto count = static_cast<double>(layers);
  return count * root + count * interface + (count - 1) * way;
}

}  // namespace stratem::kernels
