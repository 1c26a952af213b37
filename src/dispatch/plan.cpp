#include "stratem/plan.hpp"

#include <tbb/task_arena.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "core/backend/evaluator.hpp"
#include "core/earth/model_arrays.hpp"
#include "core/statistics/response_histograms.hpp"
#include "cuda/cuda.hpp"
#include "dispatch/plan_evaluator.hpp"
#include "io/plan/plan_text.hpp"
#include "reference/reference.hpp"
#include "stratem/backends.hpp"
#include "stratem/error.hpp"
#include "stratem/kernel_rate.hpp"

namespace stratem {
namespace {

/// How many models are counted by one call. With fewer, collecting the counters would take
/// noticeable time. With more, a call would take much memory, because it holds every model's status
/// and, if some models are out of range, a copy of the others. Devices count in 32 bits.
constexpr std::int64_t most_counted_at_once = std::int64_t{1} << 20;

Backend choose(const ExecutionOptions& options) {
  for (const auto& status : backends()) {
    const bool any = options.backend == Backend::automatic;
    if (!any && status.backend != options.backend) continue;
    if (status.usable) return status.backend;
    if (!any) {
      throw UnavailableError("backend " + std::string(to_string(options.backend)) + ": " +
                             status.reason);
    }
  }
  throw UnavailableError("no backend can run here");
}

void check_response_shapes(const ResponseView& responses, std::int64_t models, std::int64_t gates) {
  if (responses.response.rows() != models || responses.response.columns() != gates) {
    throw InputError("response: shape is [" + std::to_string(responses.response.rows()) + ", " +
                     std::to_string(responses.response.columns()) +
                     "], allowed is [models, gates] = [" + std::to_string(models) + ", " +
                     std::to_string(gates) + "]");
  }
  if (responses.status.size() != models) {
    throw InputError("status: length is " + std::to_string(responses.status.size()) +
                     ", allowed is the number of models, " + std::to_string(models));
  }
}

std::string below_ground(const PlanOptions& options, const char* what) {
  return "height-range: a transmitter at " + base::to_text(options.height->min) + " m puts a " +
         what + " below the ground";
}

/// Throws InputError if the declared heights are missing, or put a transmitter or receiver below
/// the ground.
void check_height_range(const System& system, const PlanOptions& options) {
  if (!options.height) {
    if (system.height_from_models) {
      throw InputError(
          "height-range: missing, and the system has no height above the ground; allowed is the "
          "range of the models' transmitter heights in m");
    }
    return;
  }
  const double base = system.moments.front().transmitters.front().height;
  const auto too_low = [&](double height) { return height + options.height->min - base < 0.0; };
  for (const auto& moment : system.moments) {
    for (const auto& t : moment.transmitters) {
      if (too_low(t.height)) throw InputError(below_ground(options, "transmitter"));
    }
    for (const auto& r : moment.receivers) {
      if (too_low(r.height)) throw InputError(below_ground(options, "receiver"));
    }
  }
}

void check_models(const ModelBatch& models, const System& system) {
  check_shapes(models);
  if (system.height_from_models && models.models > 0 && models.height.empty()) {
    throw InputError(
        "height: missing in the models, and the system has no height above the ground");
  }
}

[[noreturn]] void throw_cannot_compute_on_device(Backend backend) {
  const std::string reason = cuda::reason_against();
  throw UnavailableError("backend " + std::string(to_string(backend)) +
                         ": models in a device's memory, allowed is backend cuda" +
                         (reason.empty() ? "" : ", which cannot run here (" + reason + ")"));
}

}  // namespace

struct Plan::State {
  System system;
  Options options;
  Backend backend = Backend::reference;
  std::int64_t gates = 0;
  PlanAccuracy accuracy;
  dispatch::PlanEvaluators evaluators;
  std::string not_started;  // why the backend that was preferred did not start
  /// Nodes and weights, shared by plans on several backends; none yet if only the reference needed
  /// a plan so far.
  std::shared_ptr<const core::BuiltPlan> built;

  /// Takes a system and options that have been checked. Builds what has not been built yet.
  static std::unique_ptr<State> make(System system, Options options,
                                     std::shared_ptr<const core::BuiltPlan> built,
                                     const PlanCallback& progress = {});

  /// Nodes and weights. Throws InputError if there are none.
  const core::BuiltPlan& require_built() const {
    if (!built) throw InputError("backend: reference, allowed is one that computes from a plan");
    return *built;
  }

  /// If the choice of a backend was left open and a device does not start, the cpu is used.
  void start() {
    try {
      evaluators = dispatch::make_plan_evaluators(backend, *built, system, options);
    } catch (const DeviceError& error) {
      if (options.backend != Backend::automatic) throw;
      not_started = "; did not start " + std::string(error.what());
      backend = Backend::cpu;
      evaluators = dispatch::make_plan_evaluators(backend, *built, system, options);
    }
  }
};

std::unique_ptr<Plan::State> Plan::State::make(System system, Options options,
                                               std::shared_ptr<const core::BuiltPlan> built,
                                               const PlanCallback& progress) {
  auto state = std::make_unique<State>();
  state->system = std::move(system);
  state->options = std::move(options);
  state->backend = choose(state->options);
  state->gates = gate_count(state->system);
  state->built = std::move(built);
  if (state->backend == Backend::reference) {
    state->evaluators.on_host = reference::make_evaluator(state->system, state->options);
    return state;
  }
  check_height_range(state->system, state->options);
  if (!state->built) {
    state->built = std::make_shared<const core::BuiltPlan>(
        dispatch::obtain_plan(state->system, state->options, progress));
  }
  state->accuracy = state->built->accuracy;
  state->start();
  return state;
}

Plan::Plan(System system, PlanOptions plan, ExecutionOptions execution,
           const PlanCallback& progress)
    : Plan(std::move(system), Options{std::move(plan), std::move(execution)}, progress) {}

Plan::Plan(System system, Options options, const PlanCallback& progress) {
  check(system);
  check(options);
  state_ = State::make(std::move(system), std::move(options), nullptr, progress);
}

std::optional<Plan> Plan::from_cache(System system, Options options) {
  check(system);
  check(options);
  std::shared_ptr<const core::BuiltPlan> kept;
  if (choose(options) != Backend::reference) {
    check_height_range(system, options);
    auto found = dispatch::cached_plan(system, options);
    if (!found) return std::nullopt;
    kept = std::make_shared<const core::BuiltPlan>(*std::move(found));
  }
  return Plan(State::make(std::move(system), std::move(options), std::move(kept)));
}

Plan Plan::from_bytes(std::string_view bytes, System system, Options options) {
  check(system);
  check(options);
  auto built = std::make_shared<const core::BuiltPlan>(
      io::plan_from_text(bytes, io::plan_key(system, options)));
  return Plan(State::make(std::move(system), std::move(options), std::move(built)));
}

Plan::Plan(std::unique_ptr<State> state) : state_(std::move(state)) {}

Plan Plan::on(Backend backend) const {
  Options options = state_->options;
  options.backend = backend;
  return Plan(State::make(state_->system, std::move(options), state_->built));
}

Plan Plan::on(ExecutionOptions execution) const {
  return on(Options{state_->options, std::move(execution)});
}

Plan Plan::on(Options options) const {
  check(options);
  if (static_cast<const PlanOptions&>(options) != state_->options) {
    throw InputError(
        "options: another tolerance, precision, range or layer count, allowed are those that the "
        "plan was made with");
  }
  return Plan(State::make(state_->system, std::move(options), state_->built));
}

Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

const System& Plan::system() const { return state_->system; }
const Options& Plan::options() const { return state_->options; }
Backend Plan::backend() const { return state_->backend; }
const PlanAccuracy& Plan::accuracy() const { return state_->accuracy; }
std::string Plan::device() const {
  return state_->evaluators.on_host->device() + state_->not_started;
}
DeviceFaults Plan::device_faults() const { return state_->evaluators.on_host->faults(); }
std::int64_t Plan::gates() const { return state_->gates; }

void Plan::forward(const ModelBatch& models, const ResponseView& responses) const {
  check_models(models, state_->system);
  check_response_shapes(responses, models.models, state_->gates);
  state_->evaluators.on_host->forward(models, responses);
}

Responses Plan::forward(const ModelBatch& models) const {
  Responses responses(models.models, state_->gates);
  forward(models, responses.view());
  return responses;
}

void Plan::forward_on_device(const DeviceModels& models, const DeviceResponses& responses,
                             void* stream) const {
  if (!state_->evaluators.on_device) throw_cannot_compute_on_device(state_->backend);
  if (state_->options.out_of_range == OutOfRange::reference) {
    throw UnavailableError(
        "out-of-range: reference, allowed for models in a device's memory is flag");
  }
  check_models(core::views_of(models), state_->system);
  if (models.models == 0) return;
  if (responses.response == nullptr) throw InputError("response: missing");
  if (responses.status == nullptr) throw InputError("status: missing");
  state_->evaluators.on_device->forward(models, responses, stream);
}

StatusCounts Plan::accumulate(const ModelBatch& models, EnsembleStatistics& statistics) const {
  check_models(models, state_->system);
  if (statistics.gates() != state_->gates) {
    throw InputError("statistics: of " + std::to_string(statistics.gates()) +
                     " gates, allowed is the plan's " + std::to_string(state_->gates));
  }
  StatusCounts counts;
  const auto part = [&](std::int64_t first, std::int64_t most) {
    return models.slice(first, std::min(most, models.models - first));
  };
  const auto add_all = [&] {
    for (std::int64_t first = 0; first < models.models;) {
      std::vector<Status> statuses;
      if (core::ResponseHistograms* const histograms = core::histograms_of(statistics)) {
        const ModelBatch some = part(first, most_counted_at_once);
        statuses.resize(static_cast<std::size_t>(some.models));
        state_->evaluators.on_host->accumulate(some, {statuses.data(), some.models}, *histograms);
      } else {
        Responses some = forward(part(first, core::models_held_at_once(state_->gates)));
        statistics.add(some);
        statuses = std::move(some.status);
      }
      for (const Status status : statuses) counts.add(status);
      first += static_cast<std::int64_t>(statuses.size());
    }
  };
  const int threads = state_->options.threads;
  tbb::task_arena(threads > 0 ? threads : tbb::task_arena::automatic).execute(add_all);
  return counts;
}

std::string Plan::to_bytes() const {
  return io::plan_text(io::plan_key(state_->system, state_->options), state_->require_built());
}

ModelSet Plan::hardest_models(std::int64_t count, std::uint64_t seed,
                              const ContinueCallback& go_on) const {
  if (count < 1) throw InputError("count: " + std::to_string(count) + ", allowed is 1 or more");
  return dispatch::hardest_models(state_->require_built(), state_->system, state_->options, count,
                                  seed, go_on);
}

std::vector<KernelRate> kernel_rates(const Plan& plan, const ModelBatch& models, double seconds) {
  check_models(models, plan.system());
  if (models.models == 0) throw InputError("models: 0 models, allowed is 1 or more");
  if (plan.backend() != Backend::cuda && plan.backend() != Backend::hybrid) return {};
  return cuda::kernel_rates(plan.state().built->table, plan.system(), plan.options(), models,
                            seconds);
}

}  // namespace stratem
