// Numerical inversion of a Laplace transform on a hyperbola.
#pragma once

#include <complex>
#include <vector>

namespace stratem::core {

/// f(t) = Re sum_j weight_j e^{node_j t} F(node_j), for F real on the real axis.
struct Contour {
  std::vector<std::complex<double>> node;    ///< 1/s, the half above the real axis
  std::vector<std::complex<double>> weight;  ///< 1/s
};

/// The optimal hyperbola of Weideman and Trefethen (2007, "Parabolic and hyperbolic contours for
/// computing the Bromwich integral", section 4) for all times in [first, ratio x first] at once,
/// widened for singularities up to `angle` radians off the negative real axis (0 <= angle < pi/2).
/// Takes as many nodes as are needed for an error of 1e-15 of the largest |f|.
Contour hyperbola(double first, double ratio, double angle);

}  // namespace stratem::core
