#include "stratem/plan.hpp"

#include <string>
#include <utility>

#include "dispatch/evaluator.hpp"
#include "reference/reference.hpp"
#include "stratem/backends.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

Backend choose(Backend wanted) {
  for (const auto& status : backends()) {
    if (wanted == Backend::automatic ? status.usable : status.backend == wanted) {
      if (status.usable) return status.backend;
      throw UnavailableError("backend " + std::string(to_string(wanted)) + ": " + status.reason);
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

}  // namespace

struct Plan::State {
  System system;
  Options options;
  Backend backend = Backend::reference;
  std::int64_t gates = 0;
  std::unique_ptr<dispatch::Evaluator> evaluator;
};

Plan::Plan(System system, Options options) : state_(std::make_unique<State>()) {
  check(system);
  check(options);
  state_->system = std::move(system);
  state_->options = options;
  state_->backend = choose(options.backend);
  state_->gates = gate_count(state_->system);
  state_->evaluator = reference::make_evaluator(state_->system, options);
}

Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

const System& Plan::system() const { return state_->system; }
const Options& Plan::options() const { return state_->options; }
Backend Plan::backend() const { return state_->backend; }
std::int64_t Plan::gates() const { return state_->gates; }

void Plan::forward(const ModelBatch& models, const ResponseView& responses) const {
  check_shapes(models);
  check_response_shapes(responses, models.models, state_->gates);
  if (state_->system.height_from_models && models.models > 0 && models.height.empty()) {
    throw InputError(
        "height: missing in the models, and the system knows no height above the ground");
  }
  state_->evaluator->forward(models, responses);
}

Responses Plan::forward(const ModelBatch& models) const {
  Responses responses(models.models, state_->gates);
  forward(models, responses.view());
  return responses;
}

}  // namespace stratem
