#include <algorithm>
#include <cstdint>

#include "c/handles.hpp"
#include "c/structs.hpp"
#include "stratem/stratem.h"

namespace c = stratem::c;

namespace {

/// Changes the options as a whole or, after an error, not at all.
template <class Change>
int changed(stratem_options* options, Change&& change) noexcept {
  return c::guarded([&] {
    stratem::Options& kept = c::required(options, "options").options;
    stratem::Options made = kept;
    change(made);
    stratem::check(made);
    kept = std::move(made);
  });
}

}  // namespace

int stratem_options_create(stratem_options** options) {
  return c::create(options, "options", [] { return stratem::Options(); });
}

void stratem_options_destroy(stratem_options* options) { delete options; }

int stratem_options_set(stratem_options* options, const char* name, const char* text) {
  return changed(options, [&](stratem::Options& made) {
    stratem::set_option(made, &c::required(name, "name"), &c::required(text, "text"));
  });
}

int stratem_options_set_common(stratem_options* options, const stratem_common_options* common) {
  return changed(options, [&](stratem::Options& made) {
    const stratem_common_options given = c::read_struct(common, "common");
    const auto range = [](const double* ends) { return stratem::Range{ends[0], ends[1]}; };
    if (given.tolerance != 0.0) made.tolerance = given.tolerance;
    if (given.resistivity_range != nullptr) made.resistivity = range(given.resistivity_range);
    if (given.height_range != nullptr) made.height = range(given.height_range);
    if (given.polarizable != 0) made.polarizable = true;
    if (given.layers != 0) made.layers = given.layers;
    if (given.threads != 0) made.threads = given.threads;
    if (given.backend != nullptr) made.backend = stratem::parse_backend(given.backend);
  });
}

int64_t stratem_option_count(void) {
  return static_cast<std::int64_t>(stratem::describe_options().size());
}

int stratem_describe_option(int64_t index, stratem_option_description* description) {
  return c::guarded([&] {
    const auto all = stratem::describe_options();
    c::check_index(index, static_cast<std::int64_t>(all.size()));
    const auto& option = all[static_cast<std::size_t>(index)];
    // They are literals of the table, which end with a 0.
    stratem_option_description known{};
    known.name = option.name.data();
    known.help = option.help.data();
    known.default_value = option.default_value.data();
    known.allowed = option.allowed.data();
    c::write_struct(known, description, "description");
  });
}
