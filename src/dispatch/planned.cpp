#include "dispatch/planned.hpp"

#include "cpu/cpu_evaluator.hpp"
#include "dispatch/range_guard.hpp"
#include "io/plan/plan_cache.hpp"
#include "reference/reference.hpp"

namespace stratem::dispatch {
namespace {

Responses evaluate(const Evaluator& evaluator, const ModelSet& models, std::int64_t gates) {
  Responses responses(models.models, gates);
  evaluator.forward(models.view(), responses.view());
  return responses;
}

}  // namespace

core::BuiltPlan obtain_plan(const System& system, const Options& options) {
  const io::PlanCache cache(options.cache);
  const std::string key = io::plan_key(system, options);
  if (auto kept = cache.load(key)) return *kept;

  const auto reference = reference::make_evaluator(system, options);
  const std::int64_t gates = gate_count(system);
  core::PlanBackends backends;
  backends.truth = [&](const ModelSet& models) { return evaluate(*reference, models, gates); };
  backends.fast = [&](const core::PlanTable& table, const ModelSet& models) {
    return evaluate(cpu::CpuEvaluator(table, system, options), models, gates);
  };
  core::BuiltPlan plan = core::build_plan(system, options, backends);
  cache.store(key, plan);
  return plan;
}

std::unique_ptr<Evaluator> make_cpu_evaluator(const core::BuiltPlan& plan, const System& system,
                                              const Options& options) {
  std::unique_ptr<Evaluator> outside;
  if (options.out_of_range == OutOfRange::reference) {
    outside = reference::make_evaluator(system, options);
  }
  return std::make_unique<RangeGuard>(
      std::make_unique<cpu::CpuEvaluator>(plan.table, system, options), std::move(outside), options,
      system);
}

}  // namespace stratem::dispatch
