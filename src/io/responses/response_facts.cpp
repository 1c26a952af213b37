#include "io/responses/response_facts.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "io/responses/response_words.hpp"
#include "stratem/version.hpp"

namespace stratem::io {

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

}  // namespace stratem::io
