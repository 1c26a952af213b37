// The exit statuses of the program.
#pragma once

namespace stratem::cli {

enum class ExitStatus : int {
  done = 0,
  check_failed = 1,  ///< a check that was asked for, such as forward --strict
  bad_input = 2,     ///< bad usage, or a file with contents that are not allowed
  failure = 3,       ///< a device, memory or I/O failure, or interrupted
};

}  // namespace stratem::cli
