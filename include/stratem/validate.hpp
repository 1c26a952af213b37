// Validation: compares backends with each other, and each with the reference.
#pragma once

#include <cstdint>
#include <vector>

#include "stratem/backends.hpp"
#include "stratem/export.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/plan.hpp"

namespace stratem {

struct ValidationOptions {
  /// The backends to validate, each once; empty: all that can run here. Naming the reference makes
  /// no difference, because all others are compared with it.
  std::vector<Backend> backends;
  /// Number of models compared with the reference, which takes of the order of a second for ten of
  /// them on one core. If there are more models, this many are drawn at random.
  std::int64_t reference_models = 100;
  std::uint64_t seed = 1;         ///< of that choice
  std::int64_t worst_models = 5;  ///< models that a comparison names
};

/// How the responses of one backend differ from those of another.
struct Comparison {
  Backend backend = Backend::cpu;
  Backend against = Backend::reference;
  double allowed = 0.0;
  std::int64_t models = 0;  ///< compared
  /// How many of them the backend leaves out because they are outside the plan's declared range;
  /// the tolerance does not apply to them.
  std::int64_t out_of_range = 0;
  /// Largest and median difference over models and gates, relative to the response or, near a
  /// change of sign, to the largest one within half a decade of time. Infinite if the backends do
  /// not agree on whether a model can be computed. 0 if nothing could be compared.
  double worst = 0.0;
  double median = 0.0;
  std::int64_t worst_gate = 0;
  /// Numbers of the models with the largest differences in the batch, worst first.
  std::vector<std::int64_t> worst_models;
  /// Devices that the backend gave up meanwhile. Responses that another backend computed in their
  /// place would say nothing about this one.
  DeviceFaults faults;

  bool passed() const { return worst <= allowed && !faults.any(); }
};

struct Validation {
  std::vector<Comparison> comparisons;

  STRATEM_EXPORT bool passed() const;
  /// The numbers of all models that the comparisons name, in increasing order, each once.
  STRATEM_EXPORT std::vector<std::int64_t> worst_models() const;
};

/// Largest difference allowed between two backends that compute from one plan.
inline constexpr double allowed_float64 = 1e-10;
inline constexpr double allowed_float32 = 1e-3;

/// Computes the models on every backend, with the plan's nodes and weights. Each backend is
/// compared with the first (cpu, if it is among them) over all models. It is also compared with the
/// reference over some models, to the plan's tolerance. A backend that gives up a device does not
/// pass. The calling thread asks `go_on`. Throws UnavailableError if a backend cannot run here,
/// InputError if the options are not allowed or leave nothing to compare.
STRATEM_EXPORT Validation validate(const Plan& plan, const ModelBatch& models,
                                   const ValidationOptions& options = {},
                                   const ContinueCallback& go_on = {});

/// `count` random models over the plan's declared range, of 1, 2, 3, 8 and 30 layers in turn, but
/// of no more layers than PlanOptions::layers. The models depend on the seed alone, on every
/// machine.
STRATEM_EXPORT ModelSet validation_models(const Plan& plan, std::int64_t count, std::uint64_t seed);

}  // namespace stratem
