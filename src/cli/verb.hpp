// A verb of the program, such as forward: its arguments and its function.
#pragma once

#include "cli/arguments.hpp"

namespace stratem::cli {

/// The exit statuses of the program.
enum class ExitStatus : int {
  done = 0,
  check_failed = 1,  ///< a check that was asked for, such as forward --strict
  bad_input = 2,     ///< bad usage, or a file with contents that are not allowed
  failure = 3,       ///< a device, memory or I/O failure, or interrupted
};

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
Verb plot_verb();
Verb info_verb();

}  // namespace stratem::cli
