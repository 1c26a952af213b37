#include "dispatch/plan_evaluator.hpp"

#include <algorithm>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "core/plan/model_search.hpp"
#include "cpu/cpu_evaluator.hpp"
#include "cuda/cuda.hpp"
#include "dispatch/batcher.hpp"
#include "dispatch/host_worker.hpp"
#include "dispatch/range_guard.hpp"
#include "io/plan/plan_cache.hpp"
#include "reference/reference.hpp"

namespace stratem::dispatch {
namespace {

Responses evaluate(const core::Evaluator& evaluator, const ModelSet& models, std::int64_t gates) {
  Responses responses(models.models, gates);
  evaluator.forward(models.view(), responses.view());
  return responses;
}

/// The number of threads that compute, in addition to one for each device.
int threads_beside(std::size_t devices, const ExecutionOptions& options) {
  if (options.threads > 0) return options.threads;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, cores - static_cast<int>(devices));
}

std::unique_ptr<core::Evaluator> make_batcher(Backend backend, const core::PlanTable& table,
                                              const System& system,
                                              const ExecutionOptions& options) {
  std::vector<core::ComputeDevice> devices = cuda::open_devices(table, system, options);
  ExecutionOptions on_host = options;
  on_host.batch =
      0;  // ExecutionOptions::batch is what a worker takes at a time, not one of its threads
  if (backend == Backend::hybrid) on_host.threads = threads_beside(devices.size(), options);
  auto host = std::make_shared<cpu::CpuEvaluator>(table, system, on_host);
  if (backend == Backend::hybrid) {
    devices.push_back(host_device(host, on_host.threads, table.gates));
  }
  return std::make_unique<Batcher>(std::move(devices), std::move(host), options.batch);
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

ModelSet hardest_models(const core::BuiltPlan& plan, const System& system, const Options& options,
                        std::int64_t count, std::uint64_t seed) {
  const std::int64_t gates = gate_count(system);
  const core::ModelSearch search(
      system, core::ensemble_range(options),
      [&](const core::PlanTable& table, const ModelSet& models) {
        return evaluate(cpu::CpuEvaluator(table, system, options), models, gates);
      },
      options.threads);
  const core::FoundModels found = search.find(plan.table, plan.finer, {}, seed);
  std::vector<std::int64_t> worst(static_cast<std::size_t>(std::min(count, found.models.models)));
  std::iota(worst.begin(), worst.end(), std::int64_t{0});
  return select_models(found.models.view(), worst);
}

std::unique_ptr<core::Evaluator> make_plan_evaluator(Backend backend, const core::BuiltPlan& plan,
                                                     const System& system, const Options& options) {
  std::unique_ptr<core::Evaluator> outside;
  if (options.out_of_range == OutOfRange::reference) {
    outside = reference::make_evaluator(system, options);
  }
  std::unique_ptr<core::Evaluator> inside;
  if (backend == Backend::cpu) {
    inside = std::make_unique<cpu::CpuEvaluator>(plan.table, system, options);
  } else {
    inside = make_batcher(backend, plan.table, system, options);
  }
  return std::make_unique<RangeGuard>(std::move(inside), std::move(outside), options, system);
}

}  // namespace stratem::dispatch
