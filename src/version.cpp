#include "stratem/version.hpp"

namespace stratem {

const char* version() noexcept { return STRATEM_VERSION; }

}  // namespace stratem
