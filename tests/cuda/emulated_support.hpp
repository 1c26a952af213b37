// Code shared by the tests on emulated devices: machines that must be left clean, and batches whose
// results are compared bitwise.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/backend/evaluator.hpp"
#include "core/plan/plan_table.hpp"
#include "core/statistics/response_histograms.hpp"
#include "cuda/host_runtime/host_runtime.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"

namespace stratem::test {

/// Runs body(machine) on a machine. Expects that all resources are released and no errors reported.
template <class Body>
void on_machine(emulated::MachineSetup setup, const Body& body) {
  emulated::Machine machine(std::move(setup));
  body(machine);
  EXPECT_THAT(machine.complaints_at_the_end(), testing::IsEmpty());
}

/// A number of devices, whose work starts up to a certain time late.
emulated::MachineSetup devices_of(int count, std::chrono::microseconds longest_delay = {},
                                  std::uint64_t seed = 1);

/// The cuda backend, or hybrid, on a table for test::system_at_40_m(), as a Plan makes it; with
/// cuda the cpu backend is its last resort.
std::unique_ptr<core::Evaluator> make_evaluator(const core::PlanTable& table, int streams,
                                                std::int64_t batch,
                                                Backend backend = Backend::cuda);

/// The responses, written over numbers that must be overwritten.
Responses forward(const core::Evaluator& evaluator, const ModelSet& models, std::int64_t gates);

/// The responses that the evaluator counts.
struct Counted {
  core::ResponseHistograms histograms;
  std::vector<Status> status;
};
Counted accumulate(const core::Evaluator& evaluator, const ModelSet& models, std::int64_t gates);

/// The first row and gate that differ in a bit, or in status; empty if none.
std::string difference(const Responses& found, const Responses& expected);
/// The first row that equals neither of the two.
std::string difference(const Responses& found, const Responses& one, const Responses& other);

/// Expects that histograms count these responses, each once. They may differ as much as responses
/// that the cpu has computed in place of a device.
void expect_counted(const Counted& found, const Responses& expected);

/// Models of up to six layers with faults among them.
ModelSet mixed_models(std::int64_t count, bool polarizable = false, bool heights = false);

}  // namespace stratem::test
