// Which wavenumbers the models of a group leave out, because all their modes have decayed.
#if defined(STRATEM_CPU_DECAY_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STRATEM_CPU_DECAY_INL_H
#undef STRATEM_CPU_DECAY_INL_H
#else
#define STRATEM_CPU_DECAY_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <limits>

#include "core/plan/plan_table.hpp"
#include "cpu/aligned_vector.hpp"
#include "cpu/model_group.hpp"
#include "cpu/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stratem::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// sheet_i of core::DecayBound in each lane: [layers][lanes].
HWY_INLINE void form_sheets(const ModelGroup& group, AlignedVector<double>& sheets) {
  const Wide d;
  const std::size_t lanes = group.lanes;
  const std::size_t basement = (group.layers - 1) * lanes;
  sheets.resize(basement + lanes);
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    const WideVec of_basement = hn::Load(d, &group.permeance[basement + lane]);
    for (std::size_t at = lane; at < basement + lanes; at += lanes) {
      const WideVec here = hn::Load(d, &group.permeance[at]);
      WideVec sheet = hn::Zero(d);
      for (std::size_t other = lane; other < basement; other += lanes) {
        const WideVec there = hn::Load(d, &group.permeance[other]);
        const WideVec product = hn::Mul(there, hn::Load(d, &group.thickness[other]));
        sheet = hn::Add(sheet, hn::IfThenElseZero(hn::Gt(there, here), product));
      }
      const WideVec infinity = hn::Set(d, std::numeric_limits<double>::infinity());
      hn::Store(hn::IfThenElse(hn::Gt(of_basement, here), infinity, sheet), d, &sheets[at]);
    }
  }
}

/// core::DecayBound of the lanes from `lane` on.
HWY_INLINE WideVec decay_bound(const ModelGroup& group, const AlignedVector<double>& sheets,
                               double wavenumber, std::size_t lane) {
  const Wide d;
  const WideVec half = hn::Set(d, 0.5 * wavenumber);
  WideVec least = hn::Set(d, std::numeric_limits<double>::infinity());
  for (std::size_t at = lane; at < sheets.size(); at += group.lanes) {
    const WideVec permeance = hn::Load(d, &group.permeance[at]);
    least = hn::Min(least, hn::MulAdd(half, hn::Load(d, &sheets[at]), permeance));
  }
  return least;
}

/// Sets the weights of the wavenumbers that a lane's model leaves out to 0. Returns how many
/// wavenumbers are left; all lanes leave out those after them.
HWY_INLINE std::size_t leave_out(const core::PlanWindow& window, const ModelGroup& group,
                                 const AlignedVector<double>& sheets,
                                 AlignedVector<double>& weights) {
  const Wide d;
  const std::size_t count = window.wavenumber.size();
  std::size_t kept = 0;
  for (std::size_t lane = 0; lane < group.lanes; lane += hn::Lanes(d)) {
    // Start at the largest: below a wavenumber that all lanes keep, no wavenumber is left out.
    bool all_keep = false;
    for (std::size_t m = count; m > 0 && !all_keep; --m) {
      const double wavenumber = window.wavenumber[m - 1];
      const WideVec bound = decay_bound(group, sheets, wavenumber, lane);
      all_keep = true;
      for (std::size_t g = 0; g < window.weight.size(); ++g) {
        const double shortest = window.shortest_decay[g];
        const auto keep = hn::Le(hn::Set(d, shortest * wavenumber * wavenumber), bound);
        if (!hn::AllFalse(d, keep)) kept = std::max(kept, m);
        if (hn::AllTrue(d, keep)) continue;
        all_keep = false;
        double* const at = &weights[(g * count + m - 1) * group.lanes + lane];
        hn::Store(hn::IfThenElseZero(keep, hn::Load(d, at)), d, at);
      }
    }
  }
  return kept;
}

}  // namespace stratem::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // STRATEM_CPU_DECAY_INL_H
