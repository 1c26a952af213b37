#include <cstddef>
#include <string>

#include "io/ending.hpp"
#include "io/responses/responses_csv.hpp"
#include "io/responses/responses_hdf5.hpp"
#include "io/text_file.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

void check_sizes(const std::filesystem::path& path, const Responses& responses,
                 const System& system) {
  const auto fail = [&path](const std::string& what) {
    throw InputError(path.string() + ": " + what);
  };
  if (responses.gates != gate_count(system)) {
    fail("response: " + std::to_string(responses.gates) + " gates, the system has " +
         std::to_string(gate_count(system)));
  }
  if (responses.response.size() != static_cast<std::size_t>(responses.models * responses.gates)) {
    fail("response: " + std::to_string(responses.response.size()) +
         " numbers, allowed is models x gates");
  }
  if (responses.status.size() != static_cast<std::size_t>(responses.models)) {
    fail("status: " + std::to_string(responses.status.size()) +
         " values, allowed is the number of models");
  }
}

}  // namespace

void write_responses(const std::filesystem::path& path, const Responses& responses,
                     const ResponseAttributes& attributes, bool overwrite) {
  const auto kind = io::kind_of(path);
  check_sizes(path, responses, attributes.system);
  if (kind == io::FileKind::hdf5) {
    io::ResponseFileHdf5 file(path, responses.models, attributes, overwrite);
    file.write(0, responses);
    file.finish();
    return;
  }
  io::write_text(path, io::responses_to_csv(responses, attributes), overwrite);
}

ResponseFile read_responses(const std::filesystem::path& path) {
  const ResponseReader file(path);
  return {file.read(0, file.models()), file.attributes(), file.version()};
}

}  // namespace stratem
