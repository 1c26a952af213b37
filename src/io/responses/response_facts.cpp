#include "io/responses/response_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "io/responses/response_words.hpp"
#include "stratem/version.hpp"

namespace stratem::io {
namespace {

/// Bytes for the faults in a file: its metadata must not grow when a fault occurs during a run.
constexpr std::size_t faults_room = 1024;

std::string lines_of(const DeviceFaults& faults) {
  std::string text;
  for (const auto& device : faults.devices) text += (text.empty() ? "" : "\n") + device;
  return text;
}

std::vector<std::string> from_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

void write_gates(hdf5::OutputFile& file, const System& system) {
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
  file.write("time", gates, centre);
  file.write("gate_open", gates, open);
  file.write("gate_close", gates, close);
  file.write("moment", gates, moment);
  for (const auto* dataset : {"time", "gate_open", "gate_close"}) {
    file.attribute("units", "s", dataset);
  }
}

void write_attributes(hdf5::OutputFile& file, const ResponseAttributes& attributes) {
  file.attribute("system", to_json(attributes.system));
  file.attribute("tolerance", attributes.tolerance);
  file.attribute("plan_error", attributes.plan_error);
  file.attribute("backend", attributes.backend);
  file.attribute("device", attributes.device);
  file.attribute("version", version());
  file.attribute("units", response_units(attributes.system));
  file.attribute("models_on_cpu", attributes.faults.models_on_cpu);
  file.attribute_with_room("device_faults", lines_of(attributes.faults), faults_room);
}

void change_faults(const std::filesystem::path& path, const DeviceFaults& faults) {
  hdf5::change_attribute(path, "models_on_cpu", faults.models_on_cpu);
  hdf5::change_attribute(path, "device_faults", lines_of(faults), faults_room);
}

ResponseAttributes read_attributes(const hdf5::InputFile& file) {
  ResponseAttributes attributes;
  attributes.system =
      system_from_json(file.text_attribute("system"), file.name() + ": attribute system");
  attributes.tolerance = file.number_attribute("tolerance");
  attributes.plan_error = file.number_attribute("plan_error");
  attributes.backend = file.text_attribute("backend");
  attributes.device = file.text_attribute("device");
  if (file.has_attribute("models_on_cpu")) {
    attributes.faults.models_on_cpu = file.whole_attribute("models_on_cpu");
    attributes.faults.devices = from_lines(file.text_attribute("device_faults"));
  }
  return attributes;
}

}  // namespace stratem::io
