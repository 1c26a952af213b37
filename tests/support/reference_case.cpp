#include "support/reference_case.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "stratem/io.hpp"

namespace stratem::test {
namespace {

using Json = nlohmann::json;

Json read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return Json::parse(file);
}

ModelSet model_of(const Json& json) {
  ModelSet model;
  model.models = 1;
  json.at("resistivity_ohm_m").get_to(model.resistivity);
  if (json.contains("depth_to_top_m")) {
    json["depth_to_top_m"].get_to(model.depth);
  } else {
    json.at("thickness_m").get_to(model.thickness);
  }
  model.layers = static_cast<std::int64_t>(model.resistivity.size());
  const Json cole_cole = json.value("cole_cole", Json());
  if (!cole_cole.is_null()) {
    cole_cole.at("chargeability").get_to(model.chargeability);
    cole_cole.at("time_constant_s").get_to(model.time_constant);
    cole_cole.at("exponent").get_to(model.exponent);
  }
  return model;
}

Moment moment_of(const Json& json) {
  Moment moment;
  const Json& geometry = json.at("geometry");
  Transmitter transmitter;
  Receiver receiver;
  receiver.height = geometry.at("height_sum_m").get<double>();
  if (geometry.contains("transmitter_polygon_m")) {
    transmitter.loop =
        Polygon{geometry["transmitter_polygon_m"].get<std::vector<std::array<double, 2>>>()};
    receiver.position = geometry.at("receiver_xy_m").get<std::array<double, 2>>();
  } else {
    transmitter.loop = Circle{geometry.at("transmitter_radius_m").get<double>()};
    receiver.position = {geometry.at("receiver_offset_m").get<double>(), 0.0};
  }
  moment.transmitters = {transmitter};
  moment.receivers = {receiver};
  for (const char* key : {"waveform_points_s_A", "pulse_points_s_A"}) {
    for (const auto& point : json.value(key, Json::array())) {
      moment.waveform.times.push_back(point.at(0));
      moment.waveform.currents.push_back(point.at(1));
    }
  }
  if (json.contains("half_period_s")) {
    moment.base_frequency = 0.5 / json["half_period_s"].get<double>();
  }
  for (const double cutoff : json.value("first_order_lowpass_hz", std::vector<double>())) {
    moment.low_pass.push_back({cutoff, 1, {}});
  }
  for (const auto& gate : json.value("gate_s", Json::array())) {
    moment.gates.push_back({gate.at(0), gate.at(1)});
  }
  for (const double time : json.value("time_s", std::vector<double>())) {
    moment.gates.push_back({time, time});
  }
  return moment;
}

const std::filesystem::path data_folder(STRATEM_DATA_DIR);

std::vector<std::filesystem::path> json_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

std::vector<ReferenceCase> reference_cases() {
  const auto folder = data_folder / "reference";
  std::vector<ReferenceCase> cases;
  for (const auto& path : json_files(folder)) {
    const Json json = read(path);
    const Json model =
        json.contains("model") ? read(folder / (json["model"].get<std::string>() + ".json")) : json;
    for (const auto& [key, quantity] :
         {std::pair{"minus_dbz_dt_T_per_s", Quantity::dbdt}, std::pair{"bz_T", Quantity::b}}) {
      if (!json.contains(key)) continue;
      ReferenceCase item;
      item.name = path.stem().string() + (quantity == Quantity::b ? "_b" : "_dbdt");
      item.system.name = item.name;
      item.system.moments = {moment_of(json)};
      item.system.moments[0].quantity = quantity;
      item.model = model_of(model);
      json[key].get_to(item.expected);
      cases.push_back(std::move(item));
    }
  }
  return cases;
}

std::vector<ReferenceCase> survey_cases() {
  std::vector<ReferenceCase> cases;
  for (const auto& path : json_files(data_folder / "reference" / "surveys")) {
    const Json json = read(path);
    const auto name = json.at("system").get<std::string>();
    const System system = read_system(data_folder / "systems" / (name + ".json")).system;
    for (const auto& model : json.at("cases")) {
      ReferenceCase& item = cases.emplace_back();
      item.name = name + " " + model.at("resistivity_ohm_m").dump() + " ohm-m";
      item.system = system;
      item.model = model_of(model);
      model.at("response").get_to(item.expected);
    }
  }
  return cases;
}

}  // namespace stratem::test
