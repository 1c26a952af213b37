#include <cstdint>
#include <utility>

#include "c/handles.hpp"
#include "c/models.hpp"
#include "c/structs.hpp"
#include "c/text.hpp"
#include "stratem/stratem.h"
#include "stratem/validate.hpp"

namespace c = stratem::c;

namespace {

stratem::PlanCallback callback_of(stratem_progress_callback callback, void* context) {
  if (callback == nullptr) return {};
  return [=](const stratem::PlanProgress& now) {
    const stratem_progress progress{sizeof progress, now.fraction, now.seconds, now.searches};
    return callback(&progress, context) == 0;
  };
}

const stratem::Plan& plan_of(const stratem_plan* plan) { return c::required(plan, "plan").plan; }

}  // namespace

int stratem_plan_create(const stratem_system* system, const stratem_options* options,
                        stratem_progress_callback callback, void* context, stratem_plan** plan) {
  return c::create(plan, "plan", [&] {
    return stratem::Plan(c::required(system, "system").file.system,
                         options == nullptr ? stratem::Options() : options->options,
                         callback_of(callback, context));
  });
}

int stratem_plan_on(const stratem_plan* plan, const char* backend, stratem_plan** other) {
  return c::create(other, "other", [&] {
    return plan_of(plan).on(stratem::parse_backend(&c::required(backend, "backend")));
  });
}

void stratem_plan_destroy(stratem_plan* plan) { delete plan; }

int stratem_plan_gate_count(const stratem_plan* plan, int64_t* gates) {
  return c::guarded([&] { c::required(gates, "gates") = plan_of(plan).gates(); });
}

int stratem_plan_backend(const stratem_plan* plan, const char** backend) {
  return c::guarded([&] {
    // A literal, which ends with a 0.
    c::required(backend, "backend") = stratem::to_string(plan_of(plan).backend()).data();
  });
}

int stratem_plan_device(const stratem_plan* plan, char* text, size_t text_size, size_t* needed) {
  return c::guarded([&] { c::copy_text(plan_of(plan).device(), text, text_size, needed); });
}

int stratem_plan_accuracy(const stratem_plan* plan, stratem_accuracy* accuracy) {
  return c::guarded([&] {
    const stratem::PlanAccuracy& measured = plan_of(plan).accuracy();
    stratem_accuracy known{};
    known.worst = measured.worst;
    known.median = measured.median;
    known.worst_gate = measured.worst_gate;
    known.worst_time = measured.worst_time;
    known.search_worst = measured.search.worst;
    known.searched_models = measured.search.candidates;
    known.held_out_models = measured.held_out_models;
    known.evaluations = measured.evaluations;
    known.seconds = measured.seconds;
    known.from_cache = measured.from_cache ? 1 : 0;
    c::write_struct(known, accuracy, "accuracy");
  });
}

int stratem_plan_validate(const stratem_plan* plan, int64_t models, uint64_t seed, double* worst) {
  return c::guarded([&] {
    const stratem::Plan& validated = plan_of(plan);
    double& found = c::required(worst, "worst");
    stratem::ValidationOptions options;
    options.backends = {validated.backend()};
    options.reference_models = models;
    options.seed = seed;
    const stratem::ModelSet drawn = stratem::validation_models(validated, models, seed);
    found = stratem::validate(validated, drawn.view(), options).comparisons.front().worst;
  });
}

int stratem_plan_forward(const stratem_plan* plan, int64_t models, int64_t layers,
                         const double* resistivity, const double* thickness, int64_t gates,
                         double* response, uint8_t* status) {
  stratem_models batch{};
  batch.struct_size = sizeof batch;
  batch.models = models;
  batch.layers = layers;
  batch.resistivity.data = resistivity;
  batch.thickness.data = thickness;
  stratem_responses responses{};
  responses.struct_size = sizeof responses;
  responses.gates = gates;
  responses.response = response;
  responses.status = status;
  return stratem_plan_forward_models(plan, &batch, &responses);
}

int stratem_plan_forward_models(const stratem_plan* plan, const stratem_models* models,
                                const stratem_responses* responses) {
  return c::guarded([&] {
    const stratem::Plan& computing = plan_of(plan);
    const stratem::ModelBatch batch = c::view_of(models);
    computing.forward(batch, c::view_of(responses, batch.models));
  });
}

int stratem_plan_accumulate(const stratem_plan* plan, const stratem_models* models,
                            stratem_statistics* statistics, int64_t* failed) {
  return c::guarded([&] {
    const stratem::StatusCounts counts = plan_of(plan).accumulate(
        c::view_of(models), c::required(statistics, "statistics").statistics);
    if (failed != nullptr) *failed = counts.failed();
  });
}
