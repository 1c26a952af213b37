#include <cstdint>
#include <string>
#include <utility>

#include "c/handles.hpp"
#include "c/structs.hpp"
#include "c/text.hpp"
#include "stratem/stratem.h"

namespace c = stratem::c;

namespace {

static_assert(STRATEM_COMPONENT_X == static_cast<int>(stratem::Component::x));
static_assert(STRATEM_COMPONENT_Y == static_cast<int>(stratem::Component::y));
static_assert(STRATEM_COMPONENT_Z == static_cast<int>(stratem::Component::z));

stratem::ImportOptions import_options(const stratem_import_options* import) {
  stratem::ImportOptions options;
  if (import == nullptr) return options;
  const stratem_import_options given = c::read_struct(import, "import");
  if (given.transmitter_height != nullptr) options.transmitter_height = *given.transmitter_height;
  if (given.receiver != nullptr) {
    options.receiver = {given.receiver[0], given.receiver[1], given.receiver[2]};
  }
  if (given.component_count < 0 || given.component_count > 3) {
    throw stratem::InputError("component_count: " + std::to_string(given.component_count) +
                              ", allowed is 0 to 3");
  }
  if (given.component_count > 0) {
    c::required(given.components, "components");
    options.components.clear();
  }
  for (std::int64_t i = 0; i < given.component_count; ++i) {
    const std::int32_t component = given.components[i];
    if (component < STRATEM_COMPONENT_X || component > STRATEM_COMPONENT_Z) {
      throw stratem::InputError("components: " + std::to_string(component) +
                                ", allowed is 0 (x), 1 (y) or 2 (z)");
    }
    options.components.push_back(static_cast<stratem::Component>(component));
  }
  options.all_gates = given.all_gates != 0;
  return options;
}

}  // namespace

int stratem_system_read(const char* path, const stratem_import_options* import,
                        stratem_system** system) {
  return c::create(system, "system", [&] {
    return stratem::read_system(&c::required(path, "path"), import_options(import));
  });
}

int stratem_system_from_json(const char* json, stratem_system** system) {
  return c::create(system, "system", [&] {
    return stratem::SystemFile{stratem::system_from_json(&c::required(json, "json"), "json"), {}};
  });
}

void stratem_system_destroy(stratem_system* system) { delete system; }

int stratem_system_json(const stratem_system* system, char* text, size_t text_size,
                        size_t* needed) {
  return c::guarded([&] {
    c::copy_text(stratem::to_json(c::required(system, "system").file.system), text, text_size,
                 needed);
  });
}

int stratem_system_note_count(const stratem_system* system, int64_t* count) {
  return c::guarded([&] {
    const auto& notes = c::required(system, "system").file.notes;
    c::required(count, "count") = static_cast<std::int64_t>(notes.size());
  });
}

int stratem_system_note(const stratem_system* system, int64_t index, const char** note) {
  return c::guarded([&] {
    const auto& notes = c::required(system, "system").file.notes;
    c::check_index(index, static_cast<std::int64_t>(notes.size()));
    c::required(note, "note") = notes[static_cast<std::size_t>(index)].c_str();
  });
}

int stratem_system_gate_count(const stratem_system* system, int64_t* gates) {
  return c::guarded([&] {
    const auto& handle = c::required(system, "system");
    c::required(gates, "gates") = stratem::gate_count(handle.file.system);
  });
}

int stratem_system_gates(const stratem_system* system, int64_t gates, double* open, double* close,
                         int32_t* moment) {
  return c::guarded([&] {
    const stratem::System& all = c::required(system, "system").file.system;
    c::check_count("gates", gates, stratem::gate_count(all));
    std::int64_t i = 0;
    for (std::size_t m = 0; m < all.moments.size(); ++m) {
      for (const stratem::Gate& gate : all.moments[m].gates) {
        if (open != nullptr) open[i] = gate.open;
        if (close != nullptr) close[i] = gate.close;
        if (moment != nullptr) moment[i] = static_cast<std::int32_t>(m);
        ++i;
      }
    }
  });
}
