// Code shared by the tests of the kernel: running it on the host, and comparing.
#pragma once

#include "core/plan/plan_table.hpp"
#include "cpu/plain_kernel.hpp"
#include "kernels/host_run.hpp"
#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::test {

/// The kernel on the host, for test::system_at_40_m() or another system.
Responses run_kernel(const core::PlanTable& table, const ModelBatch& models,
                     const kernels::HostShape& shape = {});
Responses run_kernel(const core::PlanTable& table, const System& system, const ModelBatch& models,
                     const kernels::HostShape& shape = {});

/// The cpu backend on the same table.
Responses run_cpu(const core::PlanTable& table, const System& system, const ModelBatch& models);

/// One window of `nodes` nodes and `wavenumbers` wavenumbers, each gate from every geometry.
core::PlanTable plain_table(std::size_t nodes, std::size_t wavenumbers, std::int64_t geometries,
                            std::int64_t gates);

/// Largest |a - b| relative to the sum of the absolute values of the response's terms; infinite if
/// a status differs or a response is finite in only one of them. These sums ignore models' heights.
double worst_difference(const core::PlanTable& table, const ModelSet& models, const Responses& a,
                        const Responses& b);

}  // namespace stratem::test
