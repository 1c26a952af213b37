#include "io/runs/same_run.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "stratem/io.hpp"

namespace stratem::io {
namespace {

using Json = nlohmann::json;

/// The facts of both runs, in the order in which a difference is most informative.
Json facts_of(const RecordedRun& recorded) {
  const auto& run = recorded.run;
  return {{"1", {{"system", Json::parse(to_json(run.attributes.system))}}},
          {"2", Json::parse(run.options)},
          {"3", {{"models", Json::parse(run.models)}}},
          {"4", {{"backend", run.attributes.backend}}},
          {"5", {{"device", run.attributes.device}}},
          {"6", {{"version", recorded.version}}},
          {"7", {{"plan_error", run.attributes.plan_error}}}};
}

/// "system.moments[0].scale" of "/1/system/moments/0/scale".
std::string name_of(Json::json_pointer pointer) {
  std::string name;
  for (; !pointer.empty(); pointer.pop_back()) {
    const std::string& key = pointer.back();
    if (pointer.parent_pointer().empty()) break;  // the number that orders the facts
    const bool index = key.find_first_not_of("0123456789") == std::string::npos;
    std::string part = index ? "[" + key + "]" : key;
    if (!name.empty() && !name.starts_with('[')) part += ".";
    name.insert(0, part);
  }
  return name;
}

std::string value_at(const Json& facts, const Json::json_pointer& pointer) {
  if (!facts.contains(pointer)) return "missing";
  const Json& value = facts.at(pointer);
  return value.is_string() ? base::in_quotes(value.get<std::string>())
                           : base::printable(value.dump());
}

}  // namespace

std::optional<std::string> difference(const RecordedRun& one, const RecordedRun& other) {
  const Json here = facts_of(one);
  const Json there = facts_of(other);
  const Json changes = Json::diff(there, here);
  if (changes.empty()) return std::nullopt;
  auto pointer = Json::json_pointer(changes.front().at("path").get<std::string>());
  // The end of a list that is longer in one run than in the other.
  if (!pointer.empty() && pointer.back() == "-") pointer.pop_back();
  return name_of(pointer) + " is " + value_at(here, pointer) + ", not " + value_at(there, pointer);
}

}  // namespace stratem::io
