#include "io/responses/response_words.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "stratem/models.hpp"

namespace stratem::io {
namespace {

/// V/m^2 is T/s. Per ampere of peak current, or per ampere and square metre of loop.
std::string moment_units(const Moment& moment, Normalization normalization) {
  const bool dbdt = moment.quantity == Quantity::dbdt;
  std::string units;
  if (normalization == Normalization::current) {
    units = dbdt ? "V/(A m^2)" : "T/A";
  } else {
    units = dbdt ? "V/(A m^4)" : "T/(A m^2)";
  }
  return moment.scale == 1.0 ? units : units + " times " + base::to_text(moment.scale);
}

}  // namespace

std::string response_units(const System& system) {
  std::vector<std::string> units;
  for (const auto& moment : system.moments) {
    units.push_back(moment_units(moment, system.normalization));
  }
  if (units.empty()) return {};
  if (std::all_of(units.begin(), units.end(), [&](const auto& u) { return u == units[0]; })) {
    return units[0];
  }
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto& name = system.moments[i].name;
    text += (i == 0 ? "" : "; ") + (name.empty() ? "moment " + std::to_string(i + 1) : name) +
            ": " + units[i];
  }
  return text;
}

std::string status_meanings() {
  std::string text;
  for (int value = 0; value <= static_cast<int>(Status::failed); ++value) {
    text += (value == 0 ? "" : "; ") + std::to_string(value) + ": " +
            std::string(describe(static_cast<Status>(value)));
  }
  return text;
}

}  // namespace stratem::io
