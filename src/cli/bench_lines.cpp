#include "cli/bench_lines.hpp"

#include <algorithm>
#include <chrono>

#include "cli/bench_options.hpp"
#include "core/plan/ensemble.hpp"

namespace stratem::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// The plan and models with which a line is measured.
struct Work {
  const Plan* plan = nullptr;
  ModelBatch models;
};

ModelSet models_of(const std::vector<Plan>& plans, std::int64_t layers, const BenchEffort& effort) {
  std::int64_t most = 0;
  for (const auto& plan : plans) most = std::max(most, effort.models(plan.backend()));
  return core::random_models(core::ensemble_range(plans.front().options()),
                             {static_cast<int>(layers)}, static_cast<int>(most), 1);
}

/// Calls forward until the turn is over, at least once. Returns models per second.
double rate_of(const Work& work, double seconds) {
  Responses responses(work.models.models, work.plan->gates());
  std::int64_t done = 0;
  double elapsed = 0.0;
  const auto start = Clock::now();
  do {
    work.plan->forward(work.models, responses.view());
    done += work.models.models;
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  } while (elapsed < seconds);
  return static_cast<double>(done) / elapsed;
}

/// Whether the kernel is the same: it does not depend on streams and threads.
bool same_kernel(const BenchLine& a, const BenchLine& b) {
  const Options& x = a.options;
  const Options& y = b.options;
  return uses_devices(x.backend) && uses_devices(y.backend) && a.layers == b.layers &&
         x.tolerance == y.tolerance && x.precision == y.precision && x.batch == y.batch;
}

/// Measures each kernel once for all lines that share it.
void measure_kernels(std::vector<BenchLine>& lines, const std::vector<Work>& work, double seconds) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!uses_devices(lines[i].options.backend)) continue;
    std::size_t first = 0;
    while (!same_kernel(lines[first], lines[i])) ++first;
    lines[i].kernel.push_back(first < i ? lines[first].kernel.back()
                                        : kernel_rates(*work[i].plan, work[i].models, seconds));
  }
}

}  // namespace

std::int64_t BenchEffort::models(Backend backend) const {
  // The reference takes as long for one model as other backends take for thousands.
  constexpr std::int64_t reference_models = 4;
  if (backend == Backend::reference) return std::min(reference_models, models_on_cores);
  return uses_devices(backend) ? models_on_devices : models_on_cores;
}

std::vector<BenchLine> measure_lines(const std::vector<Plan>& plans,
                                     const std::vector<std::int64_t>& layers,
                                     const BenchEffort& effort) {
  std::vector<ModelSet> models;
  models.reserve(layers.size());
  for (const auto count : layers) models.push_back(models_of(plans, count, effort));
  std::vector<BenchLine> lines;
  std::vector<Work> work;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (const auto& plan : plans) {
      lines.push_back({plan.options(), layers[i], {}, {}});
      lines.back().options.backend = plan.backend();
      work.push_back({&plan, models[i].view().slice(0, effort.models(plan.backend()))});
    }
  }
  // The first calls touch all memory and start the threads.
  for (const auto& each : work) rate_of(each, 0.0);
  // Measure the lines in turn, so that a machine that changes its speed favours none of them.
  for (std::int64_t round = 0; round < effort.rounds; ++round) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].rates.push_back(rate_of(work[i], effort.seconds));
    }
    measure_kernels(lines, work, effort.seconds);
  }
  return lines;
}

}  // namespace stratem::cli
