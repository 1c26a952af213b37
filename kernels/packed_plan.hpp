// A plan's table laid out for the kernel. It is made on the host, once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/earth/model_outcome.hpp"
#include "core/plan/plan_table.hpp"
#include "kernels/plan_layout.hpp"

namespace stratem::kernels {

/// Launch bounds: threads of a block. Results do not depend on the number of threads.
inline constexpr int fewest_threads = 32;
inline constexpr int most_threads = 256;
/// Number of blocks of the largest size that must fit on a multiprocessor. This limits a thread to
/// 80 registers. Fewer blocks leave too few warps to hide the latency of double precision. More
/// blocks make registers spill.
inline constexpr int fewest_blocks_per_multiprocessor = 3;

/// How much a pass may keep in shared memory. With 200 layers the total is below the 48 KiB that
/// every device has.
inline constexpr PassSizes most_per_pass{.factors = 512, .kept = 96, .values = 1344, .slots = 384};

/// The windows of one precision; the arrays are those of PlanArrays.
template <class T>
struct PackedWindows {
  std::vector<Node> node;
  std::vector<double> wavenumber;
  std::vector<T> twice_wavenumber;
  std::vector<T> reach;
  std::vector<double> weight;
  std::vector<double> shortest_decay;
  std::vector<Piece> piece;
  std::vector<Pass> pass;
  std::vector<std::int32_t> first_row;
  std::vector<Row> row;
  std::vector<Complex<double>> row_weight;
  PassSizes most{};              ///< of any pass
  int threads = fewest_threads;  ///< of a block
  bool first = false;            ///< these are the first windows that are launched
  bool again = false;            ///< for models that cancel too far in single precision

  bool empty() const { return pass.empty(); }
  /// Whether the weights go with each launch into constant memory. If not, the kernel reads
  /// them through the read-only cache.
  bool fits_constant_memory() const {
    return weight.size() <= static_cast<std::size_t>(ConstantBank::most_weights);
  }
};

struct PackedPlan {
  std::int32_t gates = 0;
  double transmitter_height = 0.0;
  double lowest_height = 0.0;
  double largest_cancellation = 0.0;  ///< see core::PlanTable
  bool by_admittance = false;         ///< likewise
  PackedWindows<double> in_double;    ///< one of the two may be empty
  PackedWindows<float> in_single;
  PackedWindows<double> again;  ///< all windows, if some are in single precision
};

/// Lays a table out. Windows that need more shared memory than a pass has are cut along geometries,
/// nodes and wavenumbers, and as many pieces as fit make a pass. So no table is too large. How far
/// sums in single precision cancel can only be measured within one pass. If these windows do not
/// fit into one pass, all windows are laid out in double, unless cancellation is not limited.
/// Throws InputError if counts exceed 2^31 - 1.
PackedPlan pack(const core::PlanTable& table, const core::SystemHeights& heights);

/// Weights in constant memory; empty if they do not fit.
template <class T>
ConstantBank constant_bank(const PackedWindows<T>& windows);

/// The arrays of packed windows, in the host's memory.
template <class T>
PlanArrays<T> host_arrays(const PackedPlan& plan, const PackedWindows<T>& windows);

/// Bytes of shared memory that a block of any size needs for models of at most `layers` layers, for
/// the largest pass: r_TE of each evaluation, the sums F (16 bytes for each node and geometry, 20
/// in single precision), a height factor for each wavenumber, a count for each geometry, 6 numbers
/// for each layer (in single precision 4 in double and 4 in single), and 4 bytes for each
/// evaluation and layer if evaluations are sorted.
template <class T>
std::size_t shared_bytes(const PackedWindows<T>& windows, std::int64_t layers);

/// Bytes of global memory that `blocks` blocks need for models with polarizable layers, 0 without:
/// a complex number for each layer and node. Its contents are not needed after a launch.
template <class T>
std::size_t scratch_bytes(const PackedWindows<T>& windows, std::int64_t layers, std::int64_t blocks,
                          bool polarizable);

}  // namespace stratem::kernels
