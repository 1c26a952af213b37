// Where forward's responses go: the HDF5 file of a run, which survives a crash, or CSV.
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

/// Options on the output, the models of it that are computed among them.
std::vector<OptionSpec> output_option_specs();

class ResponseOutput {
 public:
  virtual ~ResponseOutput() = default;
  /// Computes models of the source and takes what comes of them.
  virtual RunSummary run(const Plan& plan, const ModelSource& source,
                         const RunOptions& options) = 0;
  /// The models of the source that are still to be computed.
  virtual ModelRange rest() const = 0;
  /// Models that are there, and how they fared.
  virtual std::int64_t done() const = 0;
  virtual const StatusCounts& statuses() const = 0;
  virtual void finish() = 0;
  /// Keeps what is there of an interrupted run; returns how to go on, as a part of a message.
  virtual std::string keep() = 0;
};

/// The file to write: that of --output, or of --stats-only. Throws InputError unless one is given.
std::string output_path(const Arguments& arguments);

/// Throws InputError if the arguments ask for what the output cannot do, or if it cannot be
/// written.
void check_output(const Arguments& arguments);

std::unique_ptr<ResponseOutput> open_output(const Arguments& arguments, const Plan& plan,
                                            const ModelSource& source);

}  // namespace stratem::cli
