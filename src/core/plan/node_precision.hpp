// Which Laplace nodes are computed in single precision.
#pragma once

#include <cstddef>
#include <vector>

#include "core/plan/plan_table.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::core {

/// Estimate of a response's rounding error in single precision, relative to the sum of moduli in
/// PlanTable::largest_cancellation. Measured errors are a seventh of it in the median, 1.3 times it
/// at one gate of a thousand, and up to 2.3 times it. They are no larger over thin conductive
/// sheets on resistive ground, because the kernels' recursion in single precision is free of
/// cancellation.
inline constexpr double single_rounding = 0x1p-24;

/// How far the sums over a window's nodes cancel in some models.
class Cancellation {
 public:
  /// `responses` are those of the models. Nodes must be in the order of their moduli: late
  /// responses are small remainders of the first nodes' terms.
  Cancellation(const PlanWindow& window, const System& system, const ModelBatch& models,
               const Responses& responses);

  std::size_t nodes() const { return nodes_; }
  std::size_t wavenumbers() const { return wavenumbers_; }
  std::size_t models() const { return largest_.size() / (nodes_ + 1); }
  /// The quantity that PlanTable::largest_cancellation bounds, at the gate where it is largest, if
  /// all nodes but the first `in_double` are computed in single precision.
  double operator()(std::size_t model, std::size_t in_double) const {
    return largest_[model * (nodes_ + 1) + in_double];
  }

 private:
  std::size_t nodes_, wavenumbers_;
  std::vector<double> largest_;  // [models][nodes + 1]
};

/// For each window, the number of first nodes to compute in double precision so that the mean time
/// of a model is least. Models that cancel further than `largest` are computed again.
std::vector<std::size_t> nodes_in_double(const std::vector<Cancellation>& windows, double largest);

/// Cuts the window in two with the same wavenumbers: one has the first nodes, in double precision,
/// and the other the rest, in single. A part without nodes is left out.
std::vector<PlanWindow> cut_by_precision(const PlanWindow& window, std::size_t in_double);

}  // namespace stratem::core
