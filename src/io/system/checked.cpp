#include "io/system/checked.hpp"

#include "stratem/error.hpp"

namespace stratem::io {

System checked(System system, const std::string& origin) {
  try {
    check(system);
  } catch (const InputError& error) {
    throw InputError(origin + ": " + error.what());
  }
  return system;
}

}  // namespace stratem::io
