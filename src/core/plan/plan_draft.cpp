#include "core/plan/plan_draft.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/plan/node_precision.hpp"

namespace stratem::core {
namespace {

/// Leaving out a deep interface changes r_TE by e^{-exponent}. The response's relative change can
/// be e^20 times as large, because a response can be a small remainder of its window's sums.
constexpr double depth_margin = 24.0;

}  // namespace

PlanDraft::PlanDraft(const System& system, const Options& options)
    : gates_(gate_count(system)), tolerance_(options.tolerance) {}

Windows PlanDraft::all() const {
  Windows all(windows_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

Windows PlanDraft::missing() const {
  Windows numbers;
  for (std::size_t w = 0; w < windows_.size(); ++w) {
    if (windows_[w].needed > tolerance_) numbers.push_back(w);
  }
  return numbers;
}

PlanTable PlanDraft::table() const {
  PlanTable table = empty_table();
  table.largest_cancellation = largest_cancellation;
  table.by_admittance = by_admittance;
  for (const auto& window : windows_) {
    for (auto& part : cut_by_precision(window.table, window.table.node.size() - window.in_single)) {
      table.windows.push_back(std::move(part));
    }
  }
  return table;
}

PlanTable PlanDraft::finer_table() const {
  PlanTable finer = empty_table();
  finer.by_admittance = true;
  for (const auto& window : windows_) finer.windows.push_back(window.finer);
  return finer;
}

void PlanDraft::set_needed(const HeldOutErrors& errors) {
  for (auto& window : windows_) window.needed = 0.0;
  raise_needed(errors);
}

void PlanDraft::raise_needed(const HeldOutErrors& errors) {
  for (auto& window : windows_) {
    for (const auto& row : window.table.rows) {
      window.needed = std::max(window.needed, errors.needed[static_cast<std::size_t>(row.gate)]);
    }
  }
}

double PlanDraft::needed() const {
  double needed = 0.0;
  for (const auto& window : windows_) needed = std::max(needed, window.needed);
  return needed;
}

PlanTable PlanDraft::empty_table() const {
  PlanTable table;
  table.gates = gates_;
  table.deepest_exponent = depth_margin - std::log(tolerance_);
  return table;
}

}  // namespace stratem::core
