#include "plan/plan_support.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>

#include "core/earth/polarization.hpp"
#include "core/plan/response_size.hpp"
#include "stratem/error.hpp"
#include "support/systems.hpp"
#include "support/temporary_folder.hpp"

namespace stratem::test {
namespace {

/// Log-uniform numbers.
class LogUniform {
 public:
  explicit LogUniform(std::uint64_t seed) : engine_(seed) {}
  double operator()(const Range& range) {
    return std::exp(
        std::uniform_real_distribution<>(std::log(range.min), std::log(range.max))(engine_));
  }
  int whole(int least, int most) { return std::uniform_int_distribution<>(least, most)(engine_); }

 private:
  std::mt19937_64 engine_;
};

ModelSet empty_models(int count, std::int64_t layers) {
  ModelSet models;
  models.models = count;
  models.layers = layers;
  models.resistivity.resize(static_cast<std::size_t>(count * layers), 1.0);
  models.thickness.resize(static_cast<std::size_t>(count * (layers - 1)), 1.0);
  return models;
}

void draw_heights(ModelSet& models, const PlanOptions& options, LogUniform& random) {
  if (!options.height) return;
  const Range positive{std::max(options.height->min, 0.1), options.height->max};
  for (std::int64_t m = 0; m < models.models; ++m) models.height.push_back(random(positive));
}

}  // namespace

Options plan_options(double tolerance, Range resistivity) {
  static const TemporaryFolder cache;
  Options options;
  options.tolerance = tolerance;
  options.resistivity = resistivity;
  options.cache = cache.path().string();
  return options;
}

const Plan& central_plan() {
  // A plan that cannot be built takes long to fail, so it is tried only once.
  static std::string failure;
  static const std::unique_ptr<Plan> plan = [] {
    try {
      return std::make_unique<Plan>(central_loop(log_times(1e-6, 1e-2, 31)), plan_options(1e-3));
    } catch (const Error& error) {
      failure = error.what();
      return std::unique_ptr<Plan>();
    }
  }();
  if (!plan) throw InputError(failure);
  return *plan;
}

ModelSet thin_layers(const PlanOptions& options, int count, std::uint64_t seed) {
  LogUniform random(seed);
  ModelSet models = empty_models(count, 21);
  std::ranges::fill(models.thickness, 0.5);
  std::ranges::generate(models.resistivity, [&] { return random(options.resistivity); });
  draw_heights(models, options, random);
  return models;
}

ModelSet contrasts(const PlanOptions& options, int count, std::uint64_t seed) {
  LogUniform random(seed);
  ModelSet models = empty_models(count, 12);
  std::ranges::generate(models.thickness, [&] { return random({0.5, 100.0}); });
  for (int m = 0; m < count; ++m) {
    models.layer_count.push_back(random.whole(2, 12));
    for (int i = 0; i < 12; ++i) {
      models.resistivity[static_cast<std::size_t>(m * 12 + i)] =
          (m + i) % 2 == 0 ? options.resistivity.min : options.resistivity.max;
    }
  }
  draw_heights(models, options, random);
  return models;
}

ModelSet polarizable_half_spaces(const PlanOptions& options, int count, std::uint64_t seed) {
  LogUniform random(seed);
  ModelSet models = empty_models(count, 1);
  for (double& resistivity : models.resistivity) {
    double chargeability = 0.0;
    double exponent = 0.0;
    do {
      resistivity = random(options.resistivity);
      chargeability = random({0.05, 0.9});
      exponent = random({0.1, 1.0});
    } while (!core::singularities_within(chargeability, exponent, core::most_plan_angle) ||
             resistivity * (1.0 - chargeability) < options.resistivity.min);
    models.chargeability.push_back(chargeability);
    models.time_constant.push_back(random({1e-6, 1.0}));
    models.exponent.push_back(exponent);
  }
  draw_heights(models, options, random);
  return models;
}

MeasuredError measured_error(const System& system, const Responses& responses,
                             const Responses& truth) {
  const std::vector<double> size = core::response_sizes(system, truth);
  std::vector<double> errors;
  MeasuredError measured;
  for (std::size_t i = 0; i < size.size(); ++i) {
    double error = std::abs(responses.response.at(i) - truth.response[i]) / size[i];
    if (!std::isfinite(error)) error = std::numeric_limits<double>::infinity();
    errors.push_back(error);
    if (error > measured.worst) {
      measured.worst = error;
      measured.model = static_cast<std::int64_t>(i) / truth.gates;
      measured.gate = static_cast<std::int64_t>(i) % truth.gates;
    }
  }
  const auto middle = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
  std::ranges::nth_element(errors, middle);
  measured.median = *middle;
  return measured;
}

MeasuredError measured_error(const Plan& plan, const ModelSet& models) {
  return measured_error(plan.system(), plan.forward(models.view()),
                        reference_responses(plan.system(), models));
}

Responses reference_responses(const System& system, const ModelSet& models) {
  Options options;
  options.backend = Backend::reference;
  return Plan(system, options).forward(models.view());
}

std::vector<double> row(const Responses& responses, std::int64_t model) {
  const auto first = responses.response.begin() + model * responses.gates;
  return {first, first + responses.gates};
}

}  // namespace stratem::test
