#include "cpu/kernel.hpp"

#include "core/simd/targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/kernel.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
//
#include <hwy/highway.h>

#include "cpu/kernel-inl.h"

#if HWY_ONCE
namespace stratem::cpu {

HWY_EXPORT(lanes_in_double);
HWY_EXPORT(lanes_in_single);
HWY_EXPORT(evaluate_in_double);
HWY_EXPORT(evaluate_in_single);
HWY_EXPORT(target);

std::size_t lanes(Precision precision) {
  return precision == Precision::float64 ? HWY_DYNAMIC_DISPATCH(lanes_in_double)()
                                         : HWY_DYNAMIC_DISPATCH(lanes_in_single)();
}

void evaluate(const core::PlanTable& table, const ModelGroup& group, Precision precision,
              Workspace& workspace) {
  if (precision == Precision::float64) {
    HWY_DYNAMIC_DISPATCH(evaluate_in_double)(table, group, workspace);
  } else {
    HWY_DYNAMIC_DISPATCH(evaluate_in_single)(table, group, workspace);
  }
}

std::string instruction_set() { return hwy::TargetName(HWY_DYNAMIC_DISPATCH(target)()); }

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const std::int64_t each : hwy::SupportedAndGeneratedTargets()) {
    names.emplace_back(hwy::TargetName(each));
  }
  return names;
}

bool use_instruction_set(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);
  bool found = name.empty();
  for (const std::int64_t each : hwy::SupportedAndGeneratedTargets()) {
    if (name == hwy::TargetName(each)) {
      hwy::SetSupportedTargetsForTest(each);
      found = true;
    }
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return found;
}

}  // namespace stratem::cpu
#endif
