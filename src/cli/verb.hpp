// A verb of the program, such as forward: its arguments and its function.
#pragma once

#include <vector>

#include "cli/arguments.hpp"
#include "cli/exit_status.hpp"

namespace stratem::cli {

struct Verb {
  Usage usage;
  ExitStatus (*run)(const Arguments& arguments) = nullptr;
};

Verb forward_verb();
Verb merge_verb();
Verb sample_verb();
Verb sweep_verb();
Verb stats_verb();
Verb validate_verb();
Verb bench_verb();
Verb convert_verb();
Verb info_verb();

/// All verbs, in the order in which help shows them.
std::vector<Verb> verbs();

}  // namespace stratem::cli
