// The numbers of a Plan: what every fast backend reads, and all it reads.
#pragma once

#include <complex>
#include <cstdint>
#include <limits>
#include <vector>

namespace stratem::core {

/// What one gate takes from one window: response[gate] += Re sum_j weight[j] F_j of the geometry.
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
  /// [geometries], s. Wavenumbers from the first on at which every mode of a model decays faster
  /// than this, by DecayBound, are left out of its sums: their part of the rows has died out. 0, or
  /// no entries: none are.
  std::vector<double> shortest_decay;
  std::vector<GateRow> rows;
  /// r_TE is computed in single precision. A gate may take from windows of both precisions.
  bool single_precision = false;
};

struct PlanTable {
  std::vector<PlanWindow> windows;
  std::int64_t gates = 0;
  /// Interfaces at a depth z with 2 lambda z above this may be left out of the recursion at that
  /// wavenumber.
  double deepest_exponent = 40.0;
  /// Rounding in single precision is a part of the terms that a gate sums up. A model in which the
  /// moduli of those in single precision,
  ///     sum_j |weight[j]| sum_m |weight[geometry][m]| e^{-lambda_m change} |r_TE|,
  /// with |Re| + |Im| for moduli, are more than this times the modulus of a gate's response is
  /// computed in double precision throughout.
  double largest_cancellation = std::numeric_limits<double>::infinity();
  /// In double precision too r_TE is computed by the recursion that is free of cancellation (the
  /// second of README.md). Over thin conductors in resistive ground the other, which is faster,
  /// rounds up to 50 times as much.
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
