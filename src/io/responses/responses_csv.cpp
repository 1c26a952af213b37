#include "io/responses/responses_csv.hpp"

#include <cstddef>
#include <string_view>

#include "base/text.hpp"
#include "io/csv.hpp"
#include "io/responses/response_words.hpp"
#include "stratem/version.hpp"

namespace stratem::io {
namespace {

/// A comment is one line.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

/// A moment's name as part of a column name: letters, digits and characters that are safe for other
/// readers.
std::string column_stem(const Moment& moment, std::size_t index) {
  if (moment.name.empty()) return "moment" + std::to_string(index + 1);
  std::string stem = moment.name;
  for (char& c : stem) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (control || std::string_view(" ,;\"'#").find(c) != std::string_view::npos) c = '_';
  }
  return stem;
}

void append_facts(std::string& text, const ResponseAttributes& attributes) {
  text += "# stratem " + std::string(version()) + "\n";
  text += "# system: " + one_line(attributes.system.name) + "\n";
  text += "# backend: " + one_line(attributes.backend) + "\n";
  text += "# device: " + one_line(attributes.device) + "\n";
  for (const auto& fault : attributes.faults.devices) {
    text += "# device fault: " + one_line(fault) + "\n";
  }
  if (attributes.faults.models_on_cpu > 0) {
    text += "# models on cpu: " + std::to_string(attributes.faults.models_on_cpu) + "\n";
  }
  text += "# tolerance: " + base::to_text(attributes.tolerance) + "\n";
  text += "# plan error: " + base::to_text(attributes.plan_error) + "\n";
  text += "# units: " + one_line(response_units(attributes.system)) + "\n";
  text += "# status: " + status_meanings() + "\n";
}

template <class Value>
void append_gates(std::string& text, const System& system, std::string_view label, Value value) {
  text += label;
  for (const auto& moment : system.moments) {
    for (const auto& gate : moment.gates) {
      text += ',';
      append_number(text, value(gate));
    }
  }
  text += '\n';
}

void append_header(std::string& text, const System& system) {
  text += "model,status";
  for (std::size_t i = 0; i < system.moments.size(); ++i) {
    for (std::size_t gate = 0; gate < system.moments[i].gates.size(); ++gate) {
      text += "," + column_stem(system.moments[i], i) + "_" + std::to_string(gate + 1);
    }
  }
  text += '\n';
}

}  // namespace

std::string responses_to_csv(const Responses& responses, const ResponseAttributes& attributes) {
  std::string text;
  append_facts(text, attributes);
  const System& system = attributes.system;
  append_gates(text, system, "# time,s", [](const Gate& gate) { return gate.centre(); });
  append_gates(text, system, "# gate_open,s", [](const Gate& gate) { return gate.open; });
  append_gates(text, system, "# gate_close,s", [](const Gate& gate) { return gate.close; });
  append_header(text, system);
  for (std::int64_t k = 0; k < responses.models; ++k) {
    text += std::to_string(k) + "," +
            std::to_string(static_cast<int>(responses.status[static_cast<std::size_t>(k)]));
    for (std::int64_t gate = 0; gate < responses.gates; ++gate) {
      text += ',';
      append_number(text, responses(k, gate));
    }
    text += '\n';
  }
  return text;
}

}  // namespace stratem::io
