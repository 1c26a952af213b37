#include "cpu/plain_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <utility>

#include "base/constants.hpp"
#include "cpu/cpu_evaluator.hpp"

namespace stratem::test {
namespace {

using Real = long double;
using Number = std::complex<Real>;

std::vector<Number> wave_numbers_squared(const ModelSet& models, std::int64_t index,
                                         std::int64_t layers, Number s) {
  std::vector<Number> k;
  for (std::int64_t i = 0; i < layers; ++i) {
    const auto at = static_cast<std::size_t>(index * models.layers + i);
    Number rho = models.resistivity[at];
    if (!models.chargeability.empty()) {
      const Number x = std::pow(s * Real(models.time_constant[at]), Real(models.exponent[at]));
      rho *= Real(1) - Real(models.chargeability[at]) * (Real(1) - Real(1) / (Real(1) + x));
    }
    k.push_back(Real(base::mu0) * s / rho);
  }
  return k;
}

Number reflection(Real wavenumber, const std::vector<Number>& k, const double* thickness) {
  const auto u = [&](std::size_t i) { return std::sqrt(wavenumber * wavenumber + k[i]); };
  Number below = 0;
  for (std::size_t i = k.size(); i-- > 0;) {
    const Number u_above = i == 0 ? Number(wavenumber) : u(i - 1);
    const Number k_above = i == 0 ? Number(0) : k[i - 1];
    const Number sum = u_above + u(i);
    const Number r = (k_above - k[i]) / (sum * sum);
    if (i + 1 < k.size()) below *= std::exp(Real(-2) * u(i) * Real(thickness[i]));
    below = (r + below) / (Real(1) + r * below);
  }
  return below;
}

/// [geometries]: the number of wavenumbers before the first whose modes all decay too fast.
std::vector<std::size_t> kept_wavenumbers(const core::PlanWindow& window, const ModelSet& models,
                                          std::int64_t index, std::int64_t layers) {
  const double* const resistivity = models.resistivity.data() + index * models.layers;
  const double* const thickness = models.thickness.data() + index * (models.layers - 1);
  bool polarizable = false;
  for (std::int64_t i = 0; i < layers && !models.chargeability.empty(); ++i) {
    polarizable = polarizable ||
                  models.chargeability[static_cast<std::size_t>(index * models.layers + i)] > 0.0;
  }
  // The slowest decay if all layers that conduct better than this one are thin sheets, and all
  // other layers and the air have this layer's conductivity.
  const auto slowest = [&](Real wavenumber) {
    Real least = std::numeric_limits<Real>::infinity();
    for (std::int64_t i = 0; i < layers; ++i) {
      if (resistivity[layers - 1] < resistivity[i]) continue;
      Real time = Real(base::mu0) / resistivity[i] / (wavenumber * wavenumber);
      for (std::int64_t j = 0; j + 1 < layers; ++j) {
        if (resistivity[j] >= resistivity[i]) continue;
        time += Real(base::mu0) / resistivity[j] * thickness[j] / (2 * wavenumber);
      }
      least = std::min(least, time);
    }
    return least;
  };
  std::vector<std::size_t> kept(window.weight.size(), window.wavenumber.size());
  if (polarizable || window.shortest_decay.empty()) return kept;
  for (std::size_t g = 0; g < kept.size(); ++g) {
    kept[g] = 0;
    while (kept[g] < window.wavenumber.size() &&
           slowest(window.wavenumber[kept[g]]) >= window.shortest_decay[g]) {
      ++kept[g];
    }
  }
  return kept;
}

}  // namespace

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

double log_uniform(Random& random, double low, double high) {
  return std::exp(uniform(random, std::log(low), std::log(high)));
}

core::PlanTable random_table(Random& random, double largest_argument) {
  core::PlanTable table;
  table.gates = 5;
  table.deepest_exponent = 80.0;
  for (const std::size_t nodes : {3U, 1U, 4U}) {
    core::PlanWindow window;
    for (std::size_t j = 0; j < nodes; ++j) {
      const double argument = uniform(random, 0.0, largest_argument) * std::numbers::pi / 180.0;
      window.node.push_back(std::polar(log_uniform(random, 1e2, 1e8), argument));
    }
    for (double wavenumber = 1e-6; wavenumber < 100.0; wavenumber *= uniform(random, 1.2, 6.0)) {
      window.wavenumber.push_back(wavenumber);
    }
    window.weight.resize(2);
    for (auto& weights : window.weight) {
      for (std::size_t m = 0; m < window.wavenumber.size(); ++m) {
        weights.push_back(uniform(random, -1.0, 1.0));
      }
    }
    for (std::int64_t gate = 0; gate < table.gates; ++gate) {
      core::GateRow row{gate, gate % 2, {}};
      for (std::size_t j = 0; j < nodes; ++j) {
        row.weight.emplace_back(uniform(random, -1.0, 1.0), uniform(random, -1.0, 1.0));
      }
      window.rows.push_back(row);
    }
    table.windows.push_back(window);
  }
  // One window of all wavenumbers, so that no response is an empty sum.
  table.windows[0].shortest_decay = {log_uniform(random, 1e-9, 1e-3), 0.0};
  table.windows[2].shortest_decay = {log_uniform(random, 1e-9, 1e-3),
                                     log_uniform(random, 1e-9, 1e-3)};
  return table;
}

core::PlanTable one_reflection(Random& random) {
  const double argument = uniform(random, 0.0, 160.0) * std::numbers::pi / 180.0;
  core::PlanWindow window;
  window.node = {std::polar(log_uniform(random, 1.0, 1e9), argument)};
  window.wavenumber = {log_uniform(random, 1e-6, 100.0)};
  window.weight = {{1.0}};
  window.rows = {{0, 0, {{1.0, 0.0}}}, {1, 0, {{0.0, -1.0}}}};
  core::PlanTable table;
  table.windows = {window};
  table.gates = 2;
  table.deepest_exponent = 80.0;
  return table;
}

core::PlanTable in_single_precision(core::PlanTable table) {
  for (auto& window : table.windows) window.single_precision = true;
  return table;
}

core::PlanTable in_both_precisions(core::PlanTable table) {
  bool single = true;
  for (auto& window : table.windows) {
    window.single_precision = single;
    single = !single;
  }
  return table;
}

ModelSet random_models(Random& random, std::int64_t count, const EarthKind& kind) {
  ModelSet models;
  models.models = count;
  models.layers = kind.layers;
  for (std::int64_t m = 0; m < count; ++m) {
    const double thickness_scale = log_uniform(random, 0.5, 50.0);
    for (std::int64_t i = 0; i < kind.layers; ++i) {
      models.resistivity.push_back(
          log_uniform(random, kind.least_resistivity, kind.largest_resistivity));
      if (i > 0) models.thickness.push_back(thickness_scale * uniform(random, 0.2, 2.0));
      if (kind.polarizable) {
        models.chargeability.push_back(uniform(random, 0.0, 1.0) < 0.5 ? 0.0 : 0.7);
        models.time_constant.push_back(log_uniform(random, 1e-5, 1.0));
        models.exponent.push_back(uniform(random, 0.2, 0.8));
      }
    }
    if (kind.varying_layers) {
      models.layer_count.push_back(std::uniform_int_distribution<std::int32_t>(
          1, static_cast<std::int32_t>(kind.layers))(random));
    }
    if (kind.heights) models.height.push_back(uniform(random, 39.5, 90.0));
  }
  return models;
}

ModelSet thin_sheets(Random& random, std::int64_t count) {
  ModelSet models;
  models.models = count;
  models.layers = 4;
  for (std::int64_t m = 0; m < count; ++m) {
    const auto ground = [&] { return log_uniform(random, 1e3, 1e4); };
    const auto sheet = [&] { return log_uniform(random, 0.1, 3.0); };
    models.resistivity.insert(models.resistivity.end(), {sheet(), ground(), sheet(), ground()});
    models.thickness.insert(models.thickness.end(),
                            {log_uniform(random, 0.5, 2.0), log_uniform(random, 1.0, 100.0),
                             log_uniform(random, 0.5, 2.0)});
    models.layer_count.push_back(m % 2 == 0 ? 2 : 4);
  }
  return models;
}

ModelSet extreme_earths() {
  ModelSet models;
  models.models = 4;
  models.layers = 3;
  models.resistivity = {0.1, 1e5, 0.01, 1e5, 0.01, 1e5, 1e5, 1e-2, 1e5, 0.1, 0.1000001, 0.1};
  models.thickness = {200.0, 200.0, 1e5, 1e5, 1e-3, 1e-3, 200.0, 1e5};
  return models;
}

System system_at_40_m() {
  Transmitter transmitter;
  transmitter.loop = Dipole{};
  transmitter.height = 40.0;
  Receiver receiver;
  receiver.height = 41.0;
  Moment moment;
  moment.transmitters = {transmitter};
  moment.receivers = {receiver};
  System system;
  system.moments = {moment};
  return system;
}

Responses run(core::PlanTable table, const ModelBatch& models, Precision precision, int threads,
              std::int64_t chunk) {
  if (precision == Precision::float32) table = in_single_precision(std::move(table));
  Options options;
  options.threads = threads;
  options.batch = chunk;
  Responses responses(models.models, table.gates);
  cpu::CpuEvaluator(table, system_at_40_m(), options).forward(models, responses.view());
  return responses;
}

PlainResponse plain_response(const core::PlanTable& table, const ModelSet& models,
                             std::int64_t index) {
  const auto gates = static_cast<std::size_t>(table.gates);
  PlainResponse result{std::vector<Real>(gates), std::vector<Real>(gates)};
  const auto model = static_cast<std::size_t>(index);
  const std::int64_t layers =
      models.layer_count.empty() ? models.layers : models.layer_count[model];
  const Real change = models.height.empty() ? Real(0) : 2 * (Real(models.height[model]) - 40);
  for (const auto& window : table.windows) {
    const auto kept = kept_wavenumbers(window, models, index, layers);
    for (std::size_t j = 0; j < window.node.size(); ++j) {
      const auto k = wave_numbers_squared(models, index, layers, Number(window.node[j]));
      std::vector<Number> r;
      for (const double wavenumber : window.wavenumber) {
        r.push_back(
            std::exp(-Real(wavenumber) * change) *
            reflection(wavenumber, k, models.thickness.data() + index * (models.layers - 1)));
      }
      for (const auto& row : window.rows) {
        const auto& weight = window.weight[static_cast<std::size_t>(row.geometry)];
        const auto gate = static_cast<std::size_t>(row.gate);
        for (std::size_t m = 0; m < kept[static_cast<std::size_t>(row.geometry)]; ++m) {
          const Number term = Number(row.weight[j]) * Real(weight[m]) * r[m];
          result.response[gate] += term.real();
          result.size[gate] += std::abs(term);
        }
      }
    }
  }
  return result;
}

double worst_error(const core::PlanTable& table, const ModelSet& models,
                   const Responses& responses) {
  double worst = 0.0;
  for (std::int64_t m = 0; m < models.models; ++m) {
    const PlainResponse plain = plain_response(table, models, m);
    for (std::int64_t gate = 0; gate < table.gates; ++gate) {
      const auto g = static_cast<std::size_t>(gate);
      const auto error =
          static_cast<double>(std::abs(responses(m, gate) - plain.response[g]) / plain.size[g]);
      if (!std::isfinite(error)) return std::numeric_limits<double>::infinity();
      worst = std::max(worst, error);
    }
  }
  return worst;
}

double worst_error_over_thin_sheets(Random& random, const RunTable& run_table) {
  double worst = 0.0;
  for (int i = 0; i < 300; ++i) {
    const auto table = one_reflection(random);
    const auto models = thin_sheets(random, 17);
    worst = std::max(worst, worst_error(table, models, run_table(table, models.view())));
  }
  return worst;
}

}  // namespace stratem::test
