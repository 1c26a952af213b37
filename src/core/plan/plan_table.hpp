// The numbers of a Plan. Fast backends read these and nothing else of a plan.
#pragma once

#include <complex>
#include <cstdint>
#include <limits>
#include <vector>

namespace stratem::core {

/// The contribution of one window to one gate: response[gate] += Re sum_j weight[j] F_j of the
/// geometry.
struct GateRow {
  std::int64_t gate = 0;
  std::int64_t geometry = 0;
  std::vector<std::complex<double>> weight;  ///< [nodes]
};

/// A set of Laplace nodes s_j and wavenumbers lambda_m, and two fixed sums over them:
///     F_j = sum_m weight[geometry][m] e^{-lambda_m change} r_TE(lambda_m, s_j)
///     response[gate] += Re sum_j row.weight[j] F_j
/// where change is what a model's height adds to the sum of transmitter and receiver height, m.
struct PlanWindow {
  std::vector<std::complex<double>> node;   ///< s_j, 1/s, the half above the real axis
  std::vector<double> wavenumber;           ///< lambda_m, 1/m, increasing
  std::vector<std::vector<double>> weight;  ///< [geometries][wavenumbers]
  /// [geometries], s. In each model, DecayBound finds the first wavenumber from which on every mode
  /// decays faster than this. The sums leave out this and all larger wavenumbers, because their
  /// modes have decayed at the gates. If this is 0 or has no entries, no wavenumber is left out.
  std::vector<double> shortest_decay;
  std::vector<GateRow> rows;
  /// Whether r_TE is computed in single precision. Windows of both precisions may contribute to a
  /// gate.
  bool single_precision = false;
};

struct PlanTable {
  std::vector<PlanWindow> windows;
  std::int64_t gates = 0;
  /// Interfaces at a depth z with 2 lambda z above this may be left out of the recursion at that
  /// wavenumber.
  double deepest_exponent = 40.0;
  /// The rounding error in single precision is proportional to the terms that a gate's response is
  /// summed from. A model is computed in double precision throughout if the sum of the moduli of
  /// the terms in single precision,
  ///     sum_j |weight[j]| sum_m |weight[geometry][m]| e^{-lambda_m change} |r_TE|,
  /// with |Re| + |Im| for moduli, is more than this times the modulus of a gate's response.
  double largest_cancellation = std::numeric_limits<double>::infinity();
  /// Whether double precision too uses the recursion for r_TE that is free of cancellation, the
  /// second one in src/core/README.md. Over thin conductors in resistive ground, the rounding
  /// errors of the first one, which is faster, are up to 50 times as large.
  bool by_admittance = false;

  /// Evaluations of r_TE for one model, if no wavenumbers are left out.
  std::int64_t evaluations() const {
    std::int64_t count = 0;
    for (const auto& window : windows) {
      count += static_cast<std::int64_t>(window.node.size() * window.wavenumber.size());
    }
    return count;
  }

  PlanTable in_double() const {
    PlanTable table = *this;
    for (auto& window : table.windows) window.single_precision = false;
    return table;
  }
};

}  // namespace stratem::core
