// A packed plan as the kernel reads it. README.md explains the arrays.
#pragma once

#include <cstdint>

#include "kernels/complex_math.hpp"

namespace stratem::kernels {

/// A Laplace node. Neighbouring lanes read neighbouring nodes.
struct Node {
  Complex<double> s;       ///< 1/s
  Complex<double> log_s;   ///< its logarithm
  double diffusion_reach;  ///< largest sum of 2 h sqrt(mu0 sigma) that a wave comes back through
};

/// A window, or a part of a window that fits into the shared memory: some of its nodes, wavenumbers
/// and geometries.
struct Piece {
  std::int32_t node, nodes;              ///< the first of its nodes; how many
  std::int32_t wavenumber, wavenumbers;  ///< the same for its wavenumbers
  std::int32_t weight, weight_stride;    ///< its first weight; from geometry to geometry
  std::int32_t geometries;
  std::int32_t shortest_decay;  ///< the first of its geometries' entries
  // The first of its numbers in shared memory:
  std::int32_t factor;  ///< height factors, [wavenumbers]
  std::int32_t kept;    ///< counts of wavenumbers, [geometries]
  std::int32_t value;   ///< r_TE, [wavenumbers][nodes]
  std::int32_t slot;    ///< sums F, [geometries][nodes]
  float per_node;       ///< 1/nodes
};

/// The row of an element of a piece's [rows][nodes]; exact for all that shared memory can hold.
STRATEM_DEVICE std::int32_t row_of(const Piece& piece, std::int32_t element) {
  return static_cast<std::int32_t>((static_cast<float>(element) + 0.5F) * piece.per_node);
}

/// Pieces whose numbers fit into shared memory together.
struct Pass {
  std::int32_t piece, pieces;
  std::int32_t row;  ///< the first of its entries in first_row
};

/// How many numbers of a kind a pass keeps in shared memory.
struct PassSizes {
  std::int32_t factors, kept, values, slots;
};

/// The contribution of a piece to a gate: Re sum over nodes of weight[weight + node * stride]
/// F[slot + node].
struct Row {
  std::int64_t weight;
  std::int32_t stride;
  std::int32_t slot, nodes;
};

/// The weights, which all lanes of a warp read together, as they are stored in constant memory.
/// They are an argument of each launch, so plans and streams do not disturb each other.
struct ConstantBank {
  static constexpr int most_weights = 3072;
  double weight[most_weights];
};

/// The arrays of one precision's windows, in the memory of the device or host that runs the kernel.
template <class T>
struct PlanArrays {
  const Node* node;
  const double* wavenumber;   ///< lambda, 1/m
  const T* twice_wavenumber;  ///< 2 lambda
  const T* reach;             ///< depth from below which no wave of this wavenumber comes back, m
  const double* weight;
  const double* shortest_decay;  ///< s, see core::PlanWindow
  const Piece* piece;
  const Pass* pass;
  const std::int32_t* first_row;  ///< [passes][gates + 1], into row
  const Row* row;
  const Complex<double>* row_weight;
  std::int32_t nodes, passes, gates;
  PassSizes most;               ///< of any pass
  bool in_constant_memory;      ///< the ConstantBank holds the weights
  bool first;                   ///< responses start from 0, not from earlier ones
  bool again;                   ///< only models that are `for_double_precision`
  double largest_cancellation;  ///< see core::PlanTable
  bool by_admittance;           ///< likewise
  double transmitter_height;    ///< that the plan was made for, m
  double lowest_height;         ///< of all transmitters and receivers, m
};

/// The weights of a plan wherever they are.
template <class T>
class Weights {
 public:
  STRATEM_DEVICE Weights(const PlanArrays<T>& plan, const ConstantBank& bank)
      : plan_(plan), bank_(bank) {}
  STRATEM_DEVICE double operator[](std::int32_t i) const {
    return plan_.in_constant_memory ? bank_.weight[i] : read_only(plan_.weight + i);
  }

 private:
  const PlanArrays<T>& plan_;
  const ConstantBank& bank_;
};

}  // namespace stratem::kernels
