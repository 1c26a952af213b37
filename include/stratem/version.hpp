// The version of the library in use.
#pragma once

#include "stratem/export.hpp"
#include "stratem/version.h"

namespace stratem {

/// "0.1.0". With a shared library it may be another than STRATEM_VERSION, which is that of the
/// headers.
STRATEM_EXPORT const char* version() noexcept;

}  // namespace stratem
