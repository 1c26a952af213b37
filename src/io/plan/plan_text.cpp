#include "io/plan/plan_text.hpp"

#include <complex>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "base/checksum.hpp"
#include "base/text.hpp"
#include "core/options.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"
#include "stratem/version.hpp"

namespace stratem::io {
namespace {

using Json = nlohmann::json;

/// Changes whenever plans of the same version would come out differently.
constexpr int format = 13;

Json complex_list(const std::vector<std::complex<double>>& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back({value.real(), value.imag()});
  return list;
}

std::vector<std::complex<double>> complex_list(const Json& list) {
  std::vector<std::complex<double>> values;
  for (const auto& pair : list) {
    values.emplace_back(pair.at(0).get<double>(), pair.at(1).get<double>());
  }
  return values;
}

Json to_json(const core::PlanTable& table) {
  Json windows = Json::array();
  for (const auto& window : table.windows) {
    Json rows = Json::array();
    for (const auto& row : window.rows) {
      rows.push_back(
          {{"gate", row.gate}, {"geometry", row.geometry}, {"weight", complex_list(row.weight)}});
    }
    windows.push_back({{"node", complex_list(window.node)},
                       {"wavenumber", window.wavenumber},
                       {"weight", window.weight},
                       {"shortest_decay", window.shortest_decay},
                       {"single_precision", window.single_precision},
                       {"rows", std::move(rows)}});
  }
  return {{"gates", table.gates},
          {"deepest_exponent", table.deepest_exponent},
          {"largest_cancellation", table.largest_cancellation},
          {"by_admittance", table.by_admittance},
          {"windows", std::move(windows)}};
}

core::PlanTable table_from(const Json& json) {
  core::PlanTable table;
  json.at("gates").get_to(table.gates);
  json.at("deepest_exponent").get_to(table.deepest_exponent);
  const Json& cancellation = json.at("largest_cancellation");
  if (!cancellation.is_null()) cancellation.get_to(table.largest_cancellation);  // null: infinite
  json.at("by_admittance").get_to(table.by_admittance);
  for (const auto& item : json.at("windows")) {
    core::PlanWindow window;
    window.node = complex_list(item.at("node"));
    item.at("wavenumber").get_to(window.wavenumber);
    item.at("weight").get_to(window.weight);
    item.at("shortest_decay").get_to(window.shortest_decay);
    item.at("single_precision").get_to(window.single_precision);
    for (const auto& entry : item.at("rows")) {
      core::GateRow row;
      entry.at("gate").get_to(row.gate);
      entry.at("geometry").get_to(row.geometry);
      row.weight = complex_list(entry.at("weight"));
      window.rows.push_back(std::move(row));
    }
    table.windows.push_back(std::move(window));
  }
  return table;
}

Json to_json(const PlanAccuracy& accuracy) {
  Json windows = Json::array();
  for (const auto& w : accuracy.windows) {
    windows.push_back(
        {w.first_time, w.last_time, w.nodes, w.nodes_float32, w.wavenumbers, w.worst});
  }
  return {{"worst", accuracy.worst},
          {"median", accuracy.median},
          {"worst_gate", accuracy.worst_gate},
          {"worst_time", accuracy.worst_time},
          {"worst_model", accuracy.worst_model},
          {"windows", std::move(windows)},
          {"search",
           {accuracy.search.searches, accuracy.search.candidates, accuracy.search.first_worst,
            accuracy.search.worst, accuracy.search.evaluations_before}},
          {"evaluations", accuracy.evaluations},
          {"training_models", accuracy.training_models},
          {"held_out_models", accuracy.held_out_models},
          {"seconds", accuracy.seconds}};
}

PlanAccuracy accuracy_from(const Json& json) {
  PlanAccuracy accuracy;
  json.at("worst").get_to(accuracy.worst);
  json.at("median").get_to(accuracy.median);
  json.at("worst_gate").get_to(accuracy.worst_gate);
  json.at("worst_time").get_to(accuracy.worst_time);
  json.at("worst_model").get_to(accuracy.worst_model);
  for (const auto& w : json.at("windows")) {
    accuracy.windows.push_back({w.at(0), w.at(1), w.at(2), w.at(3), w.at(4), w.at(5)});
  }
  const Json& search = json.at("search");
  accuracy.search = {search.at(0), search.at(1), search.at(2), search.at(3), search.at(4)};
  json.at("evaluations").get_to(accuracy.evaluations);
  json.at("training_models").get_to(accuracy.training_models);
  json.at("held_out_models").get_to(accuracy.held_out_models);
  json.at("seconds").get_to(accuracy.seconds);
  accuracy.from_cache = true;
  return accuracy;
}

std::string checksum_of(std::string_view text) { return base::hexadecimal(base::checksum(text)); }

/// Why a plan with the key `found` is not the one with the key `wanted`.
std::string difference(const std::string& found, const std::string& wanted) {
  const Json is = Json::parse(found);
  const Json should = Json::parse(wanted);
  for (const char* name : {"version", "format"}) {
    if (is.at(name) == should.at(name)) continue;
    return "plan: made by stratem " + is.at("version").get<std::string>() + ", format " +
           is.at("format").dump() + "; allowed is " + std::string(version()) + ", format " +
           std::to_string(format);
  }
  return "plan: of another system or other options, allowed are those that it was made for";
}

}  // namespace

std::string plan_key(const System& system, const PlanOptions& options) {
  Json key{{"format", format},
           {"version", version()},
           {"system", Json::parse(stratem::to_json(system))}};
  for (const core::Option& option : core::option_table()) {
    if (option.effect != core::OptionEffect::nodes) continue;
    const auto value = core::value_of(option, {options, {}});
    if (!value) continue;
    std::visit([&](const auto& known) { key[std::string(option.key)] = known; }, *value);
  }
  return key.dump();
}

std::string plan_text(const std::string& key, const core::BuiltPlan& plan) {
  const Json json{{"key", key},
                  {"table", to_json(plan.table)},
                  {"finer", to_json(plan.finer)},
                  {"accuracy", to_json(plan.accuracy)}};
  const std::string text = json.dump();
  return checksum_of(text) + "\n" + text;
}

core::BuiltPlan plan_from_text(std::string_view text, const std::string& key) {
  const auto line = text.find('\n');
  if (line == std::string_view::npos || line + 1 == text.size()) {
    throw InputError("plan: cut off, allowed is all that was written of it");
  }
  const std::string_view content = text.substr(line + 1);
  if (checksum_of(content) != text.substr(0, line)) {
    throw InputError("plan: damaged, its checksum is another one");
  }
  try {
    const Json json = Json::parse(content);
    const auto found = json.at("key").get<std::string>();
    if (found != key) throw InputError(difference(found, key));
    return {table_from(json.at("table")), table_from(json.at("finer")),
            accuracy_from(json.at("accuracy"))};
  } catch (const Json::exception& error) {
    throw InputError("plan: not the text of a plan (" + std::string(error.what()) + ")");
  }
}

}  // namespace stratem::io
