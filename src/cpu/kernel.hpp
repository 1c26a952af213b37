// The forward kernel: one source, compiled for every instruction set, chosen when the program runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/plan_table.hpp"
#include "cpu/model_group.hpp"
#include "stratem/options.hpp"

namespace stratem::cpu {

/// What the kernel keeps of one node.
template <class T>
struct NodeArrays {
  AlignedVector<T> rows;        ///< see layer_rows-inl.h
  AlignedVector<T> reflection;  ///< r_TE [wavenumbers][2][lanes]
};

/// What one thread works in; keeps its memory from group to group.
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

/// Models that the kernel takes side by side.
std::size_t lanes(Precision precision);

/// Fills workspace.response with the responses [gates][lanes] of a group of lanes(precision)
/// models, in single precision workspace.moduli as well. A lane's numbers depend on its own model
/// alone, bit by bit. For wavenumbers of 1e-9 to 1e4 1/m, |s|/resistivity up to 1e12 and arguments
/// of s up to 160 degrees, r_TE is good to 2e-13 of its modulus where waves come back from layers
/// of many radians, a hundredth of that elsewhere (single precision: 3e-6); beside it, what
/// deepest_exponent leaves out.
void evaluate(const core::PlanTable& table, const ModelGroup& group, Precision precision,
              Workspace& workspace);

/// Name of the instruction set in use, such as "AVX3" (AVX-512), "AVX2", "SSE4", "NEON".
std::string instruction_set();
/// All that this build has and this machine can run, the best first.
std::vector<std::string> instruction_sets();
/// For tests and benchmarks: from now on the one named, or the best again for an empty name. Not
/// while another thread computes. Returns whether it can be had.
bool use_instruction_set(const std::string& name);

}  // namespace stratem::cpu
