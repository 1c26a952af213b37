// The forward kernel: one source, compiled for every instruction set, chosen when the program runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/plan/plan_table.hpp"
#include "cpu/model_group.hpp"
#include "stratem/options.hpp"

namespace stratem::cpu {

/// The numbers that the kernel stores for one node.
template <class T>
struct NodeArrays {
  AlignedVector<T> rows;        ///< see layer_rows-inl.h
  AlignedVector<T> reflection;  ///< r_TE [wavenumbers][2][lanes]
};

/// The working memory of one thread, reused from group to group.
struct Workspace {
  NodeArrays<double> in_double;
  NodeArrays<float> in_single;
  AlignedVector<double> sheet;      ///< [layers][lanes], see core::DecayBound
  AlignedVector<double> weight;     ///< [geometries][wavenumbers][lanes]
  AlignedVector<double> transform;  ///< F_j [geometries][nodes][rows_per_node][lanes]
  AlignedVector<double> response;   ///< [gates][lanes]: the result
  /// [gates][lanes], in single precision: sums of moduli, see core::PlanTable::largest_cancellation
  AlignedVector<double> moduli;
};

/// Number of models that the kernel computes side by side.
std::size_t lanes(Precision precision);

/// Fills workspace.response with the responses [gates][lanes] of a group of lanes(precision)
/// models, in single precision workspace.moduli as well. Every bit of a lane's numbers depends only
/// on its own model. For wavenumbers of 1e-9 to 1e4 1/m, |s|/resistivity up to 1e12 and arguments
/// of s up to 160 degrees, the error of r_TE is 2e-13 of its modulus where waves come back through
/// layers of many radians, and a hundredth of that elsewhere (single precision: 3e-6). The error of
/// what deepest_exponent leaves out is added to this.
void evaluate(const core::PlanTable& table, const ModelGroup& group, Precision precision,
              Workspace& workspace);

/// Name of the instruction set in use, such as "AVX3" (AVX-512), "AVX2", "SSE4", "NEON".
std::string instruction_set();
/// All instruction sets that this build has and this machine can run, the best first.
std::vector<std::string> instruction_sets();
/// For tests and benchmarks: uses the named instruction set from now on, or the best again for an
/// empty name. Must not be called while another thread computes. Returns whether it is available.
bool use_instruction_set(const std::string& name);

}  // namespace stratem::cpu
