#include "dispatch/plan_evaluator.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "core/plan/model_search.hpp"
#include "cpu/cpu_evaluator.hpp"
#include "cuda/cuda.hpp"
#include "dispatch/batcher.hpp"
#include "dispatch/host_worker.hpp"
#include "dispatch/pieces.hpp"
#include "dispatch/range_guard.hpp"
#include "dispatch/watched.hpp"
#include "io/plan/plan_cache.hpp"
#include "io/plan/plan_text.hpp"
#include "reference/reference.hpp"

namespace stratem::dispatch {
namespace {

Responses evaluate(Backend backend, const core::Evaluator& evaluator, const ModelSet& models,
                   const System& system, const Options& options,
                   const core::BuildMonitor& monitor) {
  return forward_in_pieces(
      models.view(), gate_count(system), models_at_once(backend, options),
      [&](const ModelBatch& piece, const ResponseView& to) { evaluator.forward(piece, to); },
      [&] { monitor.checkpoint(); });
}

Responses evaluate_by_cpu(const core::PlanTable& table, const ModelSet& models,
                          const System& system, const Options& options,
                          const core::BuildMonitor& monitor) {
  return evaluate(Backend::cpu, cpu::CpuEvaluator(table, system, options), models, system, options,
                  monitor);
}

core::BuiltPlan build(const System& system, const Options& options, core::BuildMonitor& monitor) {
  const auto reference = reference::make_evaluator(system, options);
  core::PlanBackends backends;
  backends.truth = [&](const ModelSet& models) {
    return evaluate(Backend::reference, *reference, models, system, options, monitor);
  };
  backends.fast = [&](const core::PlanTable& table, const ModelSet& models) {
    return evaluate_by_cpu(table, models, system, options, monitor);
  };
  return core::build_plan(system, options, backends, monitor);
}

std::unique_ptr<core::Evaluator> make_batcher(Backend backend, const core::PlanTable& table,
                                              const System& system, const ExecutionOptions& options,
                                              const cuda::LoadedDevices& loaded) {
  std::vector<core::ComputeDevice> devices = cuda::open_devices(loaded, options);
  ExecutionOptions on_host = options;
  // ExecutionOptions::batch is what a worker takes at a time, not one of its threads.
  on_host.batch = 0;
  if (backend == Backend::hybrid) on_host.threads = host_threads(options, devices.size());
  auto host = std::make_shared<cpu::CpuEvaluator>(table, system, on_host);
  if (backend == Backend::hybrid) {
    devices.push_back(host_device(host, on_host.threads, table.gates));
  }
  return std::make_unique<Batcher>(std::move(devices), std::move(host), options.batch);
}

}  // namespace

std::optional<core::BuiltPlan> cached_plan(const System& system, const Options& options) {
  return io::PlanCache(options.cache).load(io::plan_key(system, options));
}

core::BuiltPlan obtain_plan(const System& system, const Options& options,
                            const PlanCallback& progress) {
  if (auto kept = cached_plan(system, options)) return *std::move(kept);
  core::BuiltPlan plan = watched_build(
      [&](core::BuildMonitor& monitor) { return build(system, options, monitor); }, progress);
  io::PlanCache(options.cache).store(io::plan_key(system, options), plan);
  return plan;
}

ModelSet hardest_models(const core::BuiltPlan& plan, const System& system, const Options& options,
                        std::int64_t count, std::uint64_t seed, const ContinueCallback& go_on) {
  core::BuildMonitor monitor;
  const core::ModelSearch search(
      system, core::ensemble_range(options),
      [&](const core::PlanTable& table, const ModelSet& models) {
        return evaluate_by_cpu(table, models, system, options, monitor);
      },
      options.threads, monitor);
  core::FoundModels found;
  watched(monitor, go_on, [&] { found = search.find(plan.table, plan.finer, {}, seed); });
  std::vector<std::int64_t> worst(static_cast<std::size_t>(std::min(count, found.models.models)));
  std::iota(worst.begin(), worst.end(), std::int64_t{0});
  return select_models(found.models.view(), worst);
}

PlanEvaluators make_plan_evaluators(Backend backend, const core::BuiltPlan& plan,
                                    const System& system, const Options& options) {
  std::unique_ptr<core::Evaluator> outside;
  if (options.out_of_range == OutOfRange::reference) {
    outside = reference::make_evaluator(system, options);
  }
  PlanEvaluators evaluators;
  std::unique_ptr<core::Evaluator> inside;
  if (backend == Backend::cpu) {
    inside = std::make_unique<cpu::CpuEvaluator>(plan.table, system, options);
  } else {
    const cuda::LoadedDevices devices = cuda::load_devices(plan.table, system, options);
    inside = make_batcher(backend, plan.table, system, options, devices);
    if (backend == Backend::cuda) {
      evaluators.on_device =
          cuda::make_array_evaluator(devices, core::DeclaredRange(options, system));
    }
  }
  evaluators.on_host =
      std::make_unique<RangeGuard>(std::move(inside), std::move(outside), options, system);
  return evaluators;
}

}  // namespace stratem::dispatch
