#include "kernels/kernel_support.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "cpu/cpu_evaluator.hpp"
#include "cpu/plain_kernel.hpp"

namespace stratem::test {

Responses run_kernel(const core::PlanTable& table, const System& system, const ModelBatch& models,
                     const kernels::HostShape& shape) {
  Responses responses(models.models, table.gates);
  kernels::run_on_host(kernels::pack(table, core::SystemHeights(system)), models, responses.view(),
                       shape);
  return responses;
}

Responses run_kernel(const core::PlanTable& table, const ModelBatch& models,
                     const kernels::HostShape& shape) {
  return run_kernel(table, system_at_40_m(), models, shape);
}

Responses run_cpu(const core::PlanTable& table, const System& system, const ModelBatch& models) {
  Options options;
  options.threads = 1;
  Responses responses(models.models, table.gates);
  cpu::CpuEvaluator(table, system, options).forward(models, responses.view());
  return responses;
}

core::PlanTable plain_table(std::size_t nodes, std::size_t wavenumbers, std::int64_t geometries,
                            std::int64_t gates) {
  const auto number = [](std::size_t i, double step) { return std::sin(step * (1.0 + double(i))); };
  core::PlanWindow window;
  for (std::size_t j = 0; j < nodes; ++j) {
    const double place = double(j) / double(nodes);
    window.node.push_back(std::polar(1e3 * std::pow(1e4, place), 2.5 * place));
  }
  for (std::size_t m = 0; m < wavenumbers; ++m) {
    window.wavenumber.push_back(1e-4 * std::pow(1e4, double(m) / double(wavenumbers)));
  }
  for (std::int64_t g = 0; g < geometries; ++g) {
    std::vector<double> weight;
    for (std::size_t m = 0; m < wavenumbers; ++m) {
      weight.push_back(number(m, 0.7 + 0.1 * double(g)));
    }
    window.weight.push_back(weight);
    for (std::int64_t gate = 0; gate < gates; ++gate) {
      core::GateRow row{gate, g, {}};
      for (std::size_t j = 0; j < nodes; ++j) {
        row.weight.emplace_back(number(j, 0.3 + 0.01 * double(gate)), number(j, 1.1));
      }
      window.rows.push_back(row);
    }
  }
  core::PlanTable table;
  table.windows = {window};
  table.gates = gates;
  return table;
}

double worst_difference(const core::PlanTable& table, const ModelSet& models, const Responses& a,
                        const Responses& b) {
  double worst = 0.0;
  for (std::int64_t m = 0; m < models.models; ++m) {
    const auto model = static_cast<std::size_t>(m);
    if (a.status[model] != b.status[model]) return std::numeric_limits<double>::infinity();
    if (a.status[model] != Status::ok) continue;
    const PlainResponse plain = plain_response(table, models, m);
    for (std::int64_t gate = 0; gate < table.gates; ++gate) {
      const auto size = static_cast<double>(plain.size[static_cast<std::size_t>(gate)]);
      const double difference = std::abs(a(m, gate) - b(m, gate)) / size;
      if (!std::isfinite(difference)) return std::numeric_limits<double>::infinity();
      worst = std::max(worst, difference);
    }
  }
  return worst;
}

}  // namespace stratem::test
