#include "stratem/validate.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>
#include <utility>

#include "base/check_failure.hpp"
#include "core/plan/ensemble.hpp"
#include "core/sampling/distribution.hpp"
#include "dispatch/comparison.hpp"
#include "dispatch/pieces.hpp"
#include "stratem/backends.hpp"
#include "stratem/error.hpp"

namespace stratem {
namespace {

/// The backends to validate. The first is the one that the others are compared with.
std::vector<Backend> tested_backends(const std::vector<Backend>& named) {
  std::vector<Backend> tested;
  const auto add = [&tested](Backend backend) {
    if (backend != Backend::reference && std::ranges::count(tested, backend) == 0) {
      tested.push_back(backend);
    }
  };
  for (const Backend backend : named) {
    if (backend == Backend::automatic) {
      base::reject("backends", "auto", "backends by their names");
    }
    add(backend);
  }
  if (named.empty()) {
    for (const auto& status : backends()) {
      if (status.usable) add(status.backend);
    }
  }
  if (tested.empty()) {
    base::reject("backends", "none but the reference", "one that is compared with it");
  }
  std::stable_partition(tested.begin(), tested.end(),
                        [](Backend backend) { return backend == Backend::cpu; });
  return tested;
}

/// `count` of `models` numbers in increasing order, every choice equally likely (Knuth, vol. 2,
/// algorithm S); all if there are no more.
std::vector<std::int64_t> choose(std::int64_t models, std::int64_t count, std::uint64_t seed) {
  std::vector<std::int64_t> chosen;
  for (std::int64_t model = 0; model < models; ++model) {
    const auto wanted = static_cast<double>(count - static_cast<std::int64_t>(chosen.size()));
    const double u = core::uniform({.seed = seed, .model = static_cast<std::uint64_t>(model)});
    if (u * static_cast<double>(models - model) < wanted) chosen.push_back(model);
  }
  return chosen;
}

/// Some rows of responses.
Responses rows_of(const Responses& all, const std::vector<std::int64_t>& numbers) {
  Responses some(static_cast<std::int64_t>(numbers.size()), all.gates);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto row = all.response.begin() + numbers[i] * all.gates;
    std::copy_n(row, all.gates, some.response.begin() + static_cast<std::int64_t>(i) * all.gates);
    some.status[i] = all.status[static_cast<std::size_t>(numbers[i])];
  }
  return some;
}

/// One run of a validation.
class Validator {
 public:
  Validator(const Plan& plan, const ModelBatch& models, const ValidationOptions& options,
            const ContinueCallback& go_on)
      : plan_(plan),
        models_(models),
        options_(options),
        go_on_(go_on),
        chosen_(choose(models.models, options.reference_models, options.seed)) {}

  Validation run(const std::vector<Backend>& tested) {
    std::vector<Responses> responses;
    std::vector<DeviceFaults> faults;
    for (const Backend backend : tested) {
      const Plan on_backend = plan_.on(backend);
      responses.push_back(forward(on_backend, models_));
      faults.push_back(on_backend.device_faults());
      if (backend == tested.front()) continue;
      compare_backends(backend, responses.back(), tested.front(), responses.front());
      result_.comparisons.back().faults = faults.back();
    }
    const ModelSet some = select_models(models_, chosen_);
    const Responses truth = forward(plan_.on(Backend::reference), some.view());
    for (std::size_t i = 0; i < tested.size(); ++i) {
      compare_with_reference(tested[i], rows_of(responses[i], chosen_), truth);
      result_.comparisons.back().faults = faults[i];
    }
    return std::move(result_);
  }

 private:
  Responses forward(const Plan& plan, const ModelBatch& models) const {
    return dispatch::forward_in_pieces(
        models, plan.gates(), dispatch::models_at_once(plan.backend(), plan.options()),
        [&](const ModelBatch& piece, const ResponseView& to) { plan.forward(piece, to); },
        [&] {
          if (go_on_ && !go_on_()) throw CancelledError("cancelled by the callback");
        });
  }

  void compare_backends(Backend backend, const Responses& responses, Backend against,
                        const Responses& others) {
    Comparison comparison =
        dispatch::compare(plan_.system(), responses, others, false, options_.worst_models);
    const bool single = plan_.options().precision == Precision::float32;
    keep(std::move(comparison), backend, against, single ? allowed_float32 : allowed_float64);
  }

  void compare_with_reference(Backend backend, const Responses& responses, const Responses& truth) {
    Comparison comparison =
        dispatch::compare(plan_.system(), responses, truth, true, options_.worst_models);
    for (auto& model : comparison.worst_models) model = chosen_[static_cast<std::size_t>(model)];
    keep(std::move(comparison), backend, Backend::reference, plan_.options().tolerance);
  }

  void keep(Comparison comparison, Backend backend, Backend against, double allowed) {
    comparison.backend = backend;
    comparison.against = against;
    comparison.allowed = allowed;
    result_.comparisons.push_back(std::move(comparison));
  }

  const Plan& plan_;
  ModelBatch models_;
  ValidationOptions options_;
  const ContinueCallback& go_on_;
  std::vector<std::int64_t> chosen_;
  Validation result_;
};

}  // namespace

bool Validation::passed() const {
  return std::ranges::all_of(comparisons, [](const auto& each) { return each.passed(); });
}

std::vector<std::int64_t> Validation::worst_models() const {
  std::vector<std::int64_t> models;
  for (const auto& comparison : comparisons) {
    models.insert(models.end(), comparison.worst_models.begin(), comparison.worst_models.end());
  }
  std::ranges::sort(models);
  models.erase(std::unique(models.begin(), models.end()), models.end());
  return models;
}

Validation validate(const Plan& plan, const ModelBatch& models, const ValidationOptions& options,
                    const ContinueCallback& go_on) {
  if (options.reference_models < 1) {
    base::reject("reference_models", std::to_string(options.reference_models), "1 or more");
  }
  if (options.worst_models < 0) {
    base::reject("worst_models", std::to_string(options.worst_models), "0 or above");
  }
  check_shapes(models);
  const auto tested = tested_backends(options.backends);
  // If nothing else is to be compared, the rest need not be computed.
  if (tested.size() > 1) return Validator(plan, models, options, go_on).run(tested);
  const auto chosen = choose(models.models, options.reference_models, options.seed);
  const ModelSet some = select_models(models, chosen);
  Validation result = Validator(plan, some.view(), options, go_on).run(tested);
  for (auto& model : result.comparisons.front().worst_models) {
    model = chosen[static_cast<std::size_t>(model)];
  }
  return result;
}

ModelSet validation_models(const Plan& plan, std::int64_t count, std::uint64_t seed) {
  const PlanOptions& options = plan.options();
  std::vector<int> layers;
  std::ranges::copy_if(std::vector{1, 2, 3, 8, 30}, std::back_inserter(layers),
                       [&options](int most) { return most <= options.layers; });
  const auto kinds = static_cast<std::int64_t>(layers.size());
  const std::int64_t per_kind = (count + kinds - 1) / kinds;
  const ModelSet all =
      core::random_models(core::ensemble_range(options), layers, static_cast<int>(per_kind), seed);
  std::vector<std::int64_t> in_turn;
  for (std::int64_t k = 0; k < count; ++k) in_turn.push_back(k % kinds * per_kind + k / kinds);
  return select_models(all.view(), in_turn);
}

}  // namespace stratem
