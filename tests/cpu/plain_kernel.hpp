// The result that the cpu backend must compute, written plainly and in long double, and random
// tables and models to test it with.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/plan/plan_table.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::test {

using Random = std::mt19937_64;
double uniform(Random& random, double low, double high);
double log_uniform(Random& random, double low, double high);

/// Nodes of random modulus (1e2 .. 1e8) and argument up to `largest_argument` degrees, 1e-6 .. 100
/// 1/m, two geometries, five gates, three windows, of which two leave wavenumbers out.
core::PlanTable random_table(Random& random, double largest_argument = 160.0);
/// One random node and wavenumber; the gates are real and imaginary part of r_TE.
core::PlanTable one_reflection(Random& random);

/// The table with all windows, or every other one, in single precision.
core::PlanTable in_single_precision(core::PlanTable table);
core::PlanTable in_both_precisions(core::PlanTable table);

struct EarthKind {
  std::int64_t layers = 30;
  bool varying_layers = true;
  double least_resistivity = 0.1;
  double largest_resistivity = 10000.0;
  bool polarizable = false;
  bool heights = false;
};
ModelSet random_models(Random& random, std::int64_t count, const EarthKind& kind);
/// Sea water 200 m thick, the hardest rock, layers of a millimetre and of 100 km.
ModelSet extreme_earths();

/// Conductive sheets of half a metre to two, at the surface or buried, on resistive ground. The
/// reflections from their two sides nearly cancel.
ModelSet thin_sheets(Random& random, std::int64_t count);

/// A system that the heights of the models are relative to: transmitter at 40 m, receiver at 41 m.
System system_at_40_m();

/// The backend with all windows as they are, or in single precision.
Responses run(core::PlanTable table, const ModelBatch& models,
              Precision precision = Precision::float64, int threads = 1, std::int64_t chunk = 0);

/// Responses of model `index`, and the sums of the absolute values of their terms, to which errors
/// are relative.
struct PlainResponse {
  std::vector<long double> response;
  std::vector<long double> size;
};
PlainResponse plain_response(const core::PlanTable& table, const ModelSet& models,
                             std::int64_t index);

/// Computes a table's responses.
using RunTable = std::function<Responses(const core::PlanTable&, const ModelBatch&)>;

/// Largest |response - plain| / size over all models and gates; infinite if any is not finite.
double worst_error(const core::PlanTable& table, const ModelSet& models,
                   const Responses& responses);
/// The largest error of reflection coefficients over thin sheets, at 300 random nodes and
/// wavenumbers.
double worst_error_over_thin_sheets(Random& random, const RunTable& run_table);

}  // namespace stratem::test
