// The output of forward: the HDF5 file of a run, which survives a crash, or CSV.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "stratem/model_source.hpp"
#include "stratem/plan.hpp"
#include "stratem/run.hpp"
#include "stratem/run_file.hpp"

namespace stratem::cli {

/// Options for the output, including which of the models are computed.
std::vector<OptionSpec> output_option_specs();

class ResponseOutput {
 public:
  virtual ~ResponseOutput() = default;
  /// Computes models of the source and writes their responses.
  virtual RunSummary run(const Plan& plan, const ModelSource& source,
                         const RunOptions& options) = 0;
  /// The models of the source that are still to be computed.
  virtual ModelRange rest() const = 0;
  /// How many models the output contains, and how many have each status.
  virtual std::int64_t done() const = 0;
  virtual const StatusCounts& statuses() const = 0;
  /// Records what went wrong with the devices of the plan. Called once, before finish() or keep().
  virtual void record(const DeviceFaults& faults) = 0;
  virtual void finish() = 0;
  /// Keeps the responses of an interrupted run. Returns how to continue, as a part of a message.
  virtual std::string keep() = 0;
};

/// The file to write: from --output or from --stats-only. Throws InputError unless one is given.
std::string output_path(const Arguments& arguments);

/// Throws InputError if the arguments ask for something that the output does not support, or if it
/// cannot be written.
void check_output(const Arguments& arguments);

std::unique_ptr<ResponseOutput> open_output(const Arguments& arguments, const Plan& plan,
                                            const ModelSource& source);

}  // namespace stratem::cli
