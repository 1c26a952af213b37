#include "kernels/launch.hpp"

namespace stratem::kernels {

double flops_per_evaluation(std::int64_t layers) {
  // u: k (2 products), + lambda^2, modulus (3, root), |re| + modulus, root, quotient
  constexpr double root = 2 + 1 + 4 + 1 + 2;
  // An interface: contrast (3), w + w (2), squared (5), products with the echo (2 of 8 and the
  // sums, 16 + 4), the quotient (3, 1 division, 8).
  constexpr double interface = 3 + 2 + 5 + 20 + 12;
  // The way through a layer: w h (2), exponential, product (6).
  constexpr double way = 2 + 74 + 6;
  const auto count = static_cast<double>(layers);
  return count * root + count * interface + (count - 1) * way;
}

}  // namespace stratem::kernels
