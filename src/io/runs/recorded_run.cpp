#include "io/runs/recorded_run.hpp"

#include <nlohmann/json.hpp>

#include "io/models/grid_hdf5.hpp"
#include "io/responses/response_facts.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

void require(bool condition, const hdf5::InputFile& file, const std::string& problem) {
  if (!condition) throw InputError(file.name() + ": " + problem);
}

}  // namespace

std::optional<RecordedRun> read_run(const hdf5::InputFile& file) {
  if (!file.has_attribute("models")) return std::nullopt;
  RecordedRun recorded;
  recorded.version = file.text_attribute("version");
  RunDescription& run = recorded.run;
  run.attributes = read_attributes(file);
  run.options = file.text_attribute("options");
  run.models = file.text_attribute("models");
  require(nlohmann::json::accept(run.options) && nlohmann::json::accept(run.models), file,
          "attributes options and models: not JSON, the file is damaged");
  run.range.first = file.whole_attribute("first");
  run.total = file.whole_attribute("total");
  run.axes = read_grid_axes(file);
  const hdf5::Shape shape = file.shape("response");
  require(shape.size() == 2 && shape[1] == gate_count(run.attributes.system), file,
          "response: not of shape [models, gates] with the system's gates");
  run.range.count = shape[0];
  require(file.shape("status") == hdf5::Shape{shape[0]}, file,
          "status: its length is not the number of models in response");
  require(run.range.first >= 0 && run.range.first <= run.total - run.range.count, file,
          "attribute first: not within the run, the file is damaged");
  return recorded;
}

}  // namespace stratem::io
