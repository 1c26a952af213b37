// Whether two files, or a file and a run, are of the same run.
#pragma once

#include <optional>
#include <string>

#include "stratem/run_file.hpp"

namespace stratem::io {

/// The run that a response file says it is of, with the version of the program that wrote it.
struct RecordedRun {
  RunDescription run;
  std::string version;
};

/// The first thing in which two runs differ that their responses depend on, such as "tolerance is
/// 0.001, not 0.0001"; the value of `one` comes first. Which models of the run are meant does not
/// count. Both must say it in JSON.
std::optional<std::string> difference(const RecordedRun& one, const RecordedRun& other);

}  // namespace stratem::io
