// Throws bytes at the readers of systems. A reader may refuse them with an InputError, and do
// nothing else; what it accepts must survive a round trip through JSON. The first byte chooses the
// reader.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/system/imports.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace {

stratem::System read(std::uint8_t reader, const std::string& text) {
  stratem::ImportOptions options;
  switch (reader % 3) {
    case 0:
      return stratem::io::system_from_gex(text, "fuzz", options).system;
    case 1:
      options.receiver = {-10.0, 0.0, 2.0};
      options.components = {stratem::Component::z, stratem::Component::x};
      return stratem::io::system_from_stm(text, "fuzz", options).system;
    default:
      return stratem::system_from_json(text, "fuzz");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  stratem::System system;
  try {
    system = read(data[0], text);
  } catch (const stratem::InputError& error) {
    if (std::string(error.what()).find('\n') != std::string::npos) std::abort();
    return 0;
  }
  const std::string written = stratem::to_json(system);
  if (stratem::to_json(stratem::system_from_json(written, "again")) != written) std::abort();
  return 0;
}
