#include <string>

#include "io/ending.hpp"
#include "io/hdf5/input_file.hpp"
#include "io/responses/response_facts.hpp"
#include "io/responses/responses_hdf5.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

void require(bool condition, const std::string& file, const std::string& problem) {
  if (!condition) throw InputError(file + ": " + problem);
}

const std::filesystem::path& only_hdf5(const std::filesystem::path& path) {
  require(io::kind_of(path) == io::FileKind::hdf5, path.string(),
          "responses can be read from .h5 or .hdf5 only");
  return path;
}

}  // namespace

struct ResponseReader::State {
  explicit State(const std::filesystem::path& path) : file(only_hdf5(path)) {}

  io::hdf5::InputFile file;
  std::int64_t models = 0;
  std::int64_t gates = 0;
  ResponseAttributes attributes;
  std::string version;
};

ResponseReader::ResponseReader(const std::filesystem::path& path)
    : state_(std::make_unique<State>(path)) {
  State& state = *state_;
  const auto& file = state.file;
  const io::hdf5::Shape shape = file.shape("response");
  require(shape.size() == 2, file.name(), "response: not of shape [models, gates]");
  require(file.shape("status") == io::hdf5::Shape{shape[0]}, file.name(),
          "status: its length is not the number of models in response");
  require(io::is_complete(file), file.name(),
          "not complete: the run that wrote it did not come to its end");
  state.attributes = io::read_attributes(file);
  state.version = file.text_attribute("version");
  state.models = shape[0];
  state.gates = shape[1];
  require(state.gates == gate_count(state.attributes.system), file.name(),
          "response: its number of gates is not that of the system in the file");
}

ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;

std::int64_t ResponseReader::models() const { return state_->models; }
std::int64_t ResponseReader::gates() const { return state_->gates; }
const ResponseAttributes& ResponseReader::attributes() const { return state_->attributes; }
const std::string& ResponseReader::version() const { return state_->version; }

Responses ResponseReader::read(std::int64_t first, std::int64_t count) const {
  const auto& file = state_->file;
  Responses responses(0, state_->gates);
  responses.models = count;
  responses.response = file.rows("response", first, count);
  for (const double value : file.rows("status", first, count)) {
    require(value >= 0.0 && value <= static_cast<double>(Status::failed), file.name(),
            "status: a value that is no status, the file is damaged");
    responses.status.push_back(static_cast<Status>(static_cast<std::uint8_t>(value)));
  }
  return responses;
}

}  // namespace stratem
