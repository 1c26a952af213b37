// What the tests on emulated devices share: machines that must be left clean, and batches whose
// results are compared bit by bit.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/plan_table.hpp"
#include "core/response_digest.hpp"
#include "cuda/host_runtime/host_runtime.hpp"
#include "dispatch/evaluator.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/responses.hpp"

namespace stratem::test {

/// Runs body(machine) on a machine of which nothing must be left, and nothing to complain of.
template <class Body>
void on_machine(emulated::MachineSetup setup, const Body& body) {
  emulated::Machine machine(std::move(setup));
  body(machine);
  EXPECT_THAT(machine.complaints_at_the_end(), testing::IsEmpty());
}

/// So many devices, whose work starts up to so much late.
emulated::MachineSetup devices_of(int count, std::chrono::microseconds longest_delay = {},
                                  std::uint64_t seed = 1);

/// The cuda backend, or hybrid, on a table for test::system_at_40_m(), as a Plan makes it; with
/// cuda the cpu backend is its last resort.
std::unique_ptr<dispatch::Evaluator> make_evaluator(const core::PlanTable& table, int streams,
                                                    std::int64_t batch,
                                                    Backend backend = Backend::cuda);

/// What it gives, over numbers that it must overwrite.
Responses forward(const dispatch::Evaluator& evaluator, const ModelSet& models, std::int64_t gates);

/// What it counts.
struct Counted {
  core::ResponseDigest digest;
  std::vector<Status> status;
};
Counted accumulate(const dispatch::Evaluator& evaluator, const ModelSet& models,
                   std::int64_t gates);

/// The first row and gate that differ in a bit, or status; empty: none.
std::string difference(const Responses& found, const Responses& expected);
/// The first row that is that of neither.
std::string difference(const Responses& found, const Responses& one, const Responses& other);

/// That a digest counts these responses, each once: what percentiles are made of to the last bit,
/// sums but for their order.
void expect_counted(const Counted& found, const Responses& expected);

/// Models of up to six layers with faults among them.
ModelSet mixed_models(std::int64_t count, bool polarizable = false, bool heights = false);

}  // namespace stratem::test
