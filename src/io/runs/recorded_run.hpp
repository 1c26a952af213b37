// The run that wrote a response file.
#pragma once

#include <optional>
#include <string>

#include "io/hdf5/input_file.hpp"
#include "stratem/run_file.hpp"

namespace stratem::io {

/// The run that a response file belongs to, with the version of the program that wrote it.
struct RecordedRun {
  RunDescription run;
  std::string version;
};

/// The description of the run that wrote a file; nothing if no run wrote it. Throws InputError if
/// the file is damaged.
std::optional<RecordedRun> read_run(const hdf5::InputFile& file);

}  // namespace stratem::io
