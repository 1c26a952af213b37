// The error message of a failed check: "path: found, allowed is ...".
#pragma once

#include <string>

#include "base/text.hpp"
#include "stratem/error.hpp"

namespace stratem::base {

[[noreturn]] inline void reject(const std::string& path, const std::string& found,
                                const std::string& allowed) {
  throw InputError(path + ": " + found + ", allowed is " + allowed);
}

/// Throws InputError naming path and value unless `condition` holds.
inline void require(bool condition, const std::string& path, double value,
                    const std::string& allowed) {
  if (!condition) reject(path, to_text(value), allowed);
}

}  // namespace stratem::base
