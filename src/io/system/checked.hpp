// The last step of every reader.
#pragma once

#include <string>

#include "stratem/system.hpp"

namespace stratem::io {

/// Returns the system if check() allows it; otherwise throws its InputError with `origin` in front.
System checked(System system, const std::string& origin);

}  // namespace stratem::io
