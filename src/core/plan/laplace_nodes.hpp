// The Laplace side of a window: nodes s_j and each gate's complex weights on them.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <vector>

#include "core/plan/build_monitor.hpp"
#include "core/plan/modes.hpp"

namespace stratem::core {

/// Nodes, the half above the real axis, with the weights that turn F(s_j) into gate responses.
struct LaplaceNodes {
  std::vector<std::complex<double>> node;  ///< 1/s
  Eigen::MatrixXcd weight;                 ///< [nodes, gates]: response = Re sum_j weight F(node)
  double residual = 0.0;  ///< norm of the significance-weighted misfit over modes and gates
};

/// A few optimised nodes whose misfit is below `residual`. A hyperbola is optimised first, then
/// every node separately. Nodes are then added one at a time until the misfit is small enough, and
/// removed as long as it stays small enough. `first` and `last` are the window's times in s;
/// `half_period` is 0 without a base frequency. Stops at `most_nodes`.
LaplaceNodes find_laplace_nodes(const GateModes& modes, double first, double last,
                                double half_period, double residual, int most_nodes,
                                const BuildMonitor& monitor = BuildMonitor::unwatched());

/// Up to four nodes more than `from` has, with a misfit below `residual` if a short search finds
/// such nodes. The search optimises a hyperbola and then every node separately. If that does not
/// reach `residual`, it also tries `from` with nodes inserted, and returns the better set.
LaplaceNodes finer_laplace_nodes(const GateModes& modes, double first, double last,
                                 double half_period, const LaplaceNodes& from, double residual,
                                 const BuildMonitor& monitor = BuildMonitor::unwatched());

}  // namespace stratem::core
