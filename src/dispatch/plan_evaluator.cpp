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
#include "dispatch/watched_build.hpp"
#include "io/plan/plan_cache.hpp"
#include "reference/reference.hpp"

namespace stratem::dispatch {
namespace {

/// Models that the reference computes on each thread, in some tenths of a second, before it checks
/// again whether the construction was cancelled.
constexpr std::int64_t at_once_by_reference = 8;
constexpr std::int64_t at_once_by_cpu = 1024;

Responses evaluate(const core::Evaluator& evaluator, const ModelSet& models, std::int64_t gates,
                   std::int64_t at_once, const core::BuildMonitor& monitor) {
  Responses responses(models.models, gates);
  const ModelBatch batch = models.view();
  const ResponseView view = responses.view();
  for (std::int64_t first = 0; first < models.models; first += at_once) {
    monitor.checkpoint();
    const std::int64_t count = std::min(at_once, models.models - first);
    evaluator.forward(batch.slice(first, count),
                      {view.response.slice(first, count), view.status.slice(first, count)});
  }
  return responses;
}

/// The number of threads that compute, in addition to one for each device.
int threads_beside(std::size_t devices, const ExecutionOptions& options) {
  if (options.threads > 0) return options.threads;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, cores - static_cast<int>(devices));
}

core::BuiltPlan build(const System& system, const Options& options, core::BuildMonitor& monitor) {
  const auto reference = reference::make_evaluator(system, options);
  const std::int64_t gates = gate_count(system);
  const std::int64_t threads = threads_beside(0, options);
  core::PlanBackends backends;
  backends.truth = [&](const ModelSet& models) {
    return evaluate(*reference, models, gates, threads * at_once_by_reference, monitor);
  };
  backends.fast = [&](const core::PlanTable& table, const ModelSet& models) {
    return evaluate(cpu::CpuEvaluator(table, system, options), models, gates,
                    threads * at_once_by_cpu, monitor);
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
  if (backend == Backend::hybrid) on_host.threads = threads_beside(devices.size(), options);
  auto host = std::make_shared<cpu::CpuEvaluator>(table, system, on_host);
  if (backend == Backend::hybrid) {
    devices.push_back(host_device(host, on_host.threads, table.gates));
  }
  return std::make_unique<Batcher>(std::move(devices), std::move(host), options.batch);
}

}  // namespace

core::BuiltPlan obtain_plan(const System& system, const Options& options,
                            const PlanCallback& progress) {
  const io::PlanCache cache(options.cache);
  const std::string key = io::plan_key(system, options);
  if (auto kept = cache.load(key)) return *kept;

  core::BuiltPlan plan = watched_build(
      [&](core::BuildMonitor& monitor) { return build(system, options, monitor); }, progress);
  cache.store(key, plan);
  return plan;
}

ModelSet hardest_models(const core::BuiltPlan& plan, const System& system, const Options& options,
                        std::int64_t count, std::uint64_t seed) {
  const std::int64_t gates = gate_count(system);
  const core::ModelSearch search(
      system, core::ensemble_range(options),
      [&](const core::PlanTable& table, const ModelSet& models) {
        Responses responses(models.models, gates);
        cpu::CpuEvaluator(table, system, options).forward(models.view(), responses.view());
        return responses;
      },
      options.threads);
  const core::FoundModels found = search.find(plan.table, plan.finer, {}, seed);
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
