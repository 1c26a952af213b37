#include "io/data/responses_hdf5.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "io/data/response_words.hpp"
#include "stratem/error.hpp"
#include "stratem/version.hpp"

namespace stratem::io {
namespace {

/// Pieces large enough to be written fast and small enough to be held several at a time.
constexpr std::int64_t chunk_bytes = 1 << 20;

std::int64_t chunk_rows(std::int64_t models, std::int64_t row_bytes) {
  return std::clamp<std::int64_t>(chunk_bytes / std::max<std::int64_t>(row_bytes, 1), 1,
                                  std::max<std::int64_t>(models, 1));
}

}  // namespace

ResponseFileHdf5::ResponseFileHdf5(const std::filesystem::path& path, std::int64_t models,
                                   const ResponseAttributes& attributes, bool overwrite)
    : file_(path, overwrite) {
  const std::int64_t gates = gate_count(attributes.system);
  const auto row_bytes = gates * static_cast<std::int64_t>(sizeof(double));
  file_.create<double>("response", {models, gates}, chunk_rows(models, row_bytes));
  file_.create<std::uint8_t>("status", {models}, chunk_rows(models, 1));
  file_.attribute("units", response_units(attributes.system), "response");
  file_.attribute("meaning", status_meanings(), "status");
  write_gates(attributes.system);
  write_attributes(attributes);
}

void ResponseFileHdf5::write_gates(const System& system) {
  std::vector<double> centre;
  std::vector<double> open;
  std::vector<double> close;
  std::vector<std::int32_t> moment;
  for (std::size_t i = 0; i < system.moments.size(); ++i) {
    for (const auto& gate : system.moments[i].gates) {
      centre.push_back(gate.centre());
      open.push_back(gate.open);
      close.push_back(gate.close);
      moment.push_back(static_cast<std::int32_t>(i));
    }
  }
  const hdf5::Shape gates{static_cast<std::int64_t>(centre.size())};
  file_.write("time", gates, centre);
  file_.write("gate_open", gates, open);
  file_.write("gate_close", gates, close);
  file_.write("moment", gates, moment);
  for (const auto* dataset : {"time", "gate_open", "gate_close"}) {
    file_.attribute("units", "s", dataset);
  }
}

void ResponseFileHdf5::write_attributes(const ResponseAttributes& attributes) {
  file_.attribute("system", to_json(attributes.system));
  file_.attribute("tolerance", attributes.tolerance);
  file_.attribute("plan_error", attributes.plan_error);
  file_.attribute("backend", attributes.backend);
  file_.attribute("device", attributes.device);
  file_.attribute("version", version);
  file_.attribute("units", response_units(attributes.system));
}

void ResponseFileHdf5::write(std::int64_t first, const Responses& responses) {
  file_.write_rows("response", first, responses.response.data(), responses.models);
  std::vector<std::uint8_t> status;
  status.reserve(responses.status.size());
  for (const Status value : responses.status) status.push_back(static_cast<std::uint8_t>(value));
  file_.write_rows("status", first, status.data(), responses.models);
}

void ResponseFileHdf5::finish() {
  // Last, so that no half-written file has it.
  file_.attribute("complete", std::uint8_t{1});
  file_.commit();
}

namespace {

void require(bool condition, const hdf5::InputFile& file, const std::string& problem) {
  if (!condition) throw InputError(file.name() + ": " + problem);
}

std::vector<Status> read_status(const hdf5::InputFile& file) {
  std::vector<Status> status;
  for (const double value : file.all("status")) {
    require(value >= 0.0 && value <= static_cast<double>(Status::failed), file,
            "status: a value that is no status, the file is damaged");
    status.push_back(static_cast<Status>(static_cast<std::uint8_t>(value)));
  }
  return status;
}

ResponseAttributes read_attributes(const hdf5::InputFile& file) {
  ResponseAttributes attributes;
  attributes.system =
      system_from_json(file.text_attribute("system"), file.name() + ": attribute system");
  attributes.tolerance = file.number_attribute("tolerance");
  attributes.plan_error = file.number_attribute("plan_error");
  attributes.backend = file.text_attribute("backend");
  attributes.device = file.text_attribute("device");
  return attributes;
}

}  // namespace

ResponseFile read_responses_hdf5(const std::filesystem::path& path) {
  const hdf5::InputFile file(path);
  const hdf5::Shape shape = file.shape("response");
  require(shape.size() == 2, file, "response: not of shape [models, gates]");
  require(file.shape("status") == hdf5::Shape{shape[0]}, file,
          "status: its length is not the number of models in response");
  require(file.has_attribute("complete") && file.number_attribute("complete") == 1.0, file,
          "not complete: the run that wrote it did not come to its end");

  ResponseFile result;
  result.attributes = read_attributes(file);
  result.version = file.text_attribute("version");
  require(shape[1] == gate_count(result.attributes.system), file,
          "response: its number of gates is not that of the system in the file");
  result.responses.models = shape[0];
  result.responses.gates = shape[1];
  result.responses.response = file.all("response");
  result.responses.status = read_status(file);
  return result;
}

}  // namespace stratem::io
