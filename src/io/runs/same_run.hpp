// Whether two files, or a file and a run, belong to the same run.
#pragma once

#include <optional>
#include <string>

#include "io/runs/recorded_run.hpp"

namespace stratem::io {

/// The first difference between two runs that affects their responses, such as "tolerance is
/// 0.001, not 0.0001"; the value of `one` comes first. The range of models that each computes is
/// not compared. Both must be described in JSON.
std::optional<std::string> difference(const RecordedRun& one, const RecordedRun& other);

}  // namespace stratem::io
