#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "models.hpp"
#include "pieces.hpp"
#include "stratem/backends.hpp"
#include "stratem/plan.hpp"
#include "stratem/validate.hpp"

namespace stratem::python {
namespace {

/// Options by their names on the command line, as text.
using OptionTexts = std::map<std::string, std::string>;

Options set_options(Options options, const OptionTexts& texts) {
  for (const auto& [name, text] : texts) set_option(options, name, text);
  return options;
}

/// The number of models in a first piece. Any models should take less than a second.
std::int64_t first_piece(const Plan& plan) {
  constexpr std::int64_t from_nodes = 64;
  constexpr std::int64_t by_reference = 1;
  return plan.backend() == Backend::reference ? by_reference : from_nodes;
}

/// Looks for signals. For callbacks of the library, which are called without the interpreter's
/// lock.
bool no_signal() {
  const nb::gil_scoped_acquire acquire;
  check_signals();
  return true;
}

/// Builds a plan. Meanwhile it looks for signals and calls `progress` with the part that is done.
Plan build(const System& system, const OptionTexts& texts, const nb::object& progress) {
  const Options options = set_options({}, texts);
  const nb::gil_scoped_release release;
  return Plan(system, options, [&](const PlanProgress& done) {
    const nb::gil_scoped_acquire acquire;
    check_signals();
    progress(done.fraction);
    return true;
  });
}

std::optional<Plan> from_cache(const System& system, const OptionTexts& texts) {
  const Options options = set_options({}, texts);
  const nb::gil_scoped_release release;
  return Plan::from_cache(system, options);
}

Plan from_bytes(const nb::bytes& bytes, const System& system, const OptionTexts& texts) {
  Options options = set_options({}, texts);
  const std::string_view text(bytes.c_str(), bytes.size());
  const nb::gil_scoped_release release;
  return Plan::from_bytes(text, system, std::move(options));
}

nb::bytes to_bytes(const Plan& plan) {
  const std::string text = plan.to_bytes();
  return nb::bytes(text.data(), text.size());
}

Plan with_options(const Plan& plan, const OptionTexts& texts) {
  Options options = set_options(plan.options(), texts);
  const nb::gil_scoped_release release;
  return plan.on(std::move(options));
}

ResponseView responses_over(const Matrix<double>& values, const Vector<std::uint8_t>& status) {
  const auto bytes = view_of(status);
  return {view_of(values), VectorView<Status>(reinterpret_cast<Status*>(bytes.data()), bytes.size(),
                                              bytes.stride())};
}

/// Some models and where their responses go.
struct Computation {
  ModelBatch models;
  ResponseView responses;

  Computation slice(std::int64_t first, std::int64_t count) const {
    return {models.slice(first, count),
            {responses.response.slice(first, count), responses.status.slice(first, count)}};
  }
};

void compute(const Plan& plan, const Computation& all, const nb::object& progress) {
  in_pieces(all.models.models, first_piece(plan), progress,
            [&](std::int64_t first, std::int64_t count) {
              const Computation piece = all.slice(first, count);
              plan.forward(piece.models, piece.responses);
            });
}

/// Computes the models that a plan left out because they are outside its range, and replaces their
/// responses and statuses.
void compute_out_of_range(const Plan& reference, const Computation& all) {
  const ResponseView& responses = all.responses;
  std::vector<std::int64_t> outside;
  for (std::int64_t m = 0; m < all.models.models; ++m) {
    if (responses.status[m] == Status::out_of_range) outside.push_back(m);
  }
  in_pieces(static_cast<std::int64_t>(outside.size()), first_piece(reference), nb::none(),
            [&](std::int64_t first, std::int64_t count) {
              const std::vector<std::int64_t> numbers(outside.begin() + first,
                                                      outside.begin() + first + count);
              const Responses found = reference.forward(select_models(all.models, numbers).view());
              for (std::int64_t i = 0; i < count; ++i) {
                const std::int64_t m = numbers[static_cast<std::size_t>(i)];
                responses.status[m] = found.status[static_cast<std::size_t>(i)];
                for (std::int64_t g = 0; g < found.gates; ++g) {
                  responses.response(m, g) = found(i, g);
                }
              }
            });
}

/// With a plan on the reference, that computes the models outside the range.
void forward(const Plan& plan, const Plan* reference, const Models& models,
             const Matrix<double>& values, const Vector<std::uint8_t>& status,
             const nb::object& progress) {
  const Computation all{models.batch(), responses_over(values, status)};
  if (all.models.models == 0) {  // still checks the shapes
    plan.forward(all.models, all.responses);
    return;
  }
  compute(plan, all, progress);
  if (reference != nullptr) compute_out_of_range(*reference, all);
}

/// Adds the responses of all models. Those that the reference computes in place of the plan are
/// held for a while, because what has been added cannot be replaced.
void accumulate_all(const Plan& plan, const Plan& reference, const ModelBatch& batch,
                    EnsembleStatistics& statistics, const nb::object& progress) {
  constexpr std::int64_t held = 16384;
  for (std::int64_t first = 0; first < batch.models; first += held) {
    const std::int64_t count = std::min(held, batch.models - first);
    Responses responses(count, plan.gates());
    const Computation some{batch.slice(first, count), responses.view()};
    compute(plan, some, nb::none());
    compute_out_of_range(reference, some);
    {
      const nb::gil_scoped_release release;
      statistics.add(responses);
    }
    if (!progress.is_none()) progress(first + count, batch.models);
  }
}

/// With a plan on the reference, that computes the models outside the range.
void accumulate(const Plan& plan, const Plan* reference, const Models& models,
                EnsembleStatistics& statistics, const nb::object& progress) {
  const ModelBatch batch = models.batch();
  if (reference != nullptr) {
    accumulate_all(plan, *reference, batch, statistics, progress);
    return;
  }
  in_pieces(batch.models, first_piece(plan), progress, [&](std::int64_t first, std::int64_t count) {
    plan.accumulate(batch.slice(first, count), statistics);
  });
}

nb::dict facts_of(const PlanAccuracy& accuracy) {
  nb::dict facts;
  facts["worst"] = accuracy.worst;
  facts["median"] = accuracy.median;
  facts["worst_gate"] = accuracy.worst_gate;
  facts["worst_time"] = accuracy.worst_time;
  facts["search_worst"] = accuracy.search.worst;
  facts["searched_models"] = accuracy.search.candidates;
  facts["held_out_models"] = accuracy.held_out_models;
  facts["evaluations"] = accuracy.evaluations;
  facts["seconds"] = accuracy.seconds;
  facts["from_cache"] = accuracy.from_cache;
  return facts;
}

nb::dict facts_of(const Comparison& comparison) {
  nb::dict facts;
  facts["backend"] = to_string(comparison.backend);
  facts["against"] = to_string(comparison.against);
  facts["allowed"] = comparison.allowed;
  facts["models"] = comparison.models;
  facts["out_of_range"] = comparison.out_of_range;
  facts["worst"] = comparison.worst;
  facts["median"] = comparison.median;
  facts["worst_gate"] = comparison.worst_gate;
  facts["worst_models"] = comparison.worst_models;
  facts["device_faults"] = comparison.faults.devices;
  facts["models_on_cpu"] = comparison.faults.models_on_cpu;
  return facts;
}

std::vector<nb::dict> compare(const Plan& plan, const Models& models,
                              const std::vector<std::string>& backends,
                              std::int64_t reference_models, std::uint64_t seed,
                              std::int64_t worst_models) {
  ValidationOptions options;
  for (const auto& word : backends) options.backends.push_back(parse_backend(word));
  options.reference_models = reference_models;
  options.seed = seed;
  options.worst_models = worst_models;
  Validation validation;
  {
    const nb::gil_scoped_release release;
    validation = validate(plan, models.batch(), options, no_signal);
  }
  std::vector<nb::dict> facts;
  for (const auto& comparison : validation.comparisons) facts.push_back(facts_of(comparison));
  return facts;
}

nb::dict drawn_models(const Plan& plan, std::int64_t count, std::uint64_t seed) {
  return made_models([&] { return validation_models(plan, count, seed); });
}

nb::dict hardest_models(const Plan& plan, std::int64_t count, std::uint64_t seed) {
  return made_models([&] { return plan.hardest_models(count, seed, no_signal); });
}

nb::tuple device_faults(const Plan& plan) {
  const DeviceFaults faults = plan.device_faults();
  return nb::make_tuple(faults.devices, faults.models_on_cpu);
}

nb::list list_backends() {
  nb::list all;
  for (const auto& status : backends()) {
    all.append(nb::make_tuple(to_string(status.backend), status.description, status.usable,
                              status.reason));
  }
  return all;
}

nb::list list_devices() {
  nb::list all;
  for (const auto& device : devices()) {
    all.append(nb::make_tuple(device.ordinal, device.name, device.memory, device.compute_capability,
                              device.driver));
  }
  return all;
}

}  // namespace

void bind_plans(nb::module_& m) {
  nb::class_<Plan>(m, "Plan")
      .def("on", &with_options, nb::arg("options"))
      .def("to_bytes", &to_bytes)
      .def_prop_ro("backend", [](const Plan& plan) { return to_string(plan.backend()); })
      .def_prop_ro("device", &Plan::device)
      .def_prop_ro("device_faults", &device_faults)
      .def_prop_ro("gates", &Plan::gates)
      .def_prop_ro("accuracy", [](const Plan& plan) { return facts_of(plan.accuracy()); })
      .def("forward", &forward, nb::arg("reference").none(), nb::arg("models"),
           nb::arg("values").noconvert(), nb::arg("status").noconvert(), nb::arg("progress").none())
      .def("accumulate", &accumulate, nb::arg("reference").none(), nb::arg("models"),
           nb::arg("statistics"), nb::arg("progress").none())
      .def("validate", &compare, nb::arg("models"), nb::arg("backends"),
           nb::arg("reference_models"), nb::arg("seed"), nb::arg("worst_models"))
      .def("validation_models", &drawn_models, nb::arg("count"), nb::arg("seed"))
      .def("hardest_models", &hardest_models, nb::arg("count"), nb::arg("seed"));
  m.def("build_plan", &build, nb::arg("system"), nb::arg("options"), nb::arg("progress"));
  m.def("plan_from_cache", &from_cache, nb::arg("system"), nb::arg("options"));
  m.def("plan_from_bytes", &from_bytes, nb::arg("bytes"), nb::arg("system"), nb::arg("options"));
  m.def("backends", &list_backends);
  m.def("devices", &list_devices);
}

}  // namespace stratem::python
