// The description of a run in its response file.
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "core/options.hpp"
#include "stratem/error.hpp"
#include "stratem/run_file.hpp"

namespace stratem {
namespace {

/// The options that the responses depend on. The backend and the devices are described by what they
/// are in use, see describe_plan(); threads, batches and the cache do not change a bit of
/// responses.
std::string options_text(const Options& options) {
  nlohmann::ordered_json json;
  for (const core::Option& option : core::option_table()) {
    if (option.effect != core::OptionEffect::nodes &&
        option.effect != core::OptionEffect::responses) {
      continue;
    }
    const auto value = core::value_of(option, options);
    if (!value) continue;
    const std::string name(option.description.name);
    std::visit([&](const auto& known) { json[name] = known; }, *value);
  }
  return json.dump();
}

}  // namespace

ModelRange models_of(const Shard& shard, std::int64_t total) {
  if (shard.parts < 1 || shard.index < 1 || shard.index > shard.parts) {
    throw InputError("shard: " + std::to_string(shard.index) + "/" + std::to_string(shard.parts) +
                     ", allowed is 1/n to n/n with n from 1");
  }
  // The first parts have one model more. Computed this way, no product can overflow.
  const std::int64_t size = total / shard.parts;
  const std::int64_t larger = total % shard.parts;
  const std::int64_t before = shard.index - 1;
  return {before * size + std::min(before, larger), size + (before < larger ? 1 : 0)};
}

ResponseAttributes describe_plan(const Plan& plan) {
  ResponseAttributes attributes;
  attributes.system = plan.system();
  attributes.tolerance = plan.options().tolerance;
  attributes.plan_error = plan.accuracy().worst;
  attributes.backend = to_string(plan.backend());
  attributes.device = plan.device();
  return attributes;
}

RunDescription describe_run(const Plan& plan, const ModelSource& source, const Shard& shard) {
  RunDescription run;
  run.attributes = describe_plan(plan);
  run.options = options_text(plan.options());
  run.models = source.identity();
  run.total = source.models();
  run.range = models_of(shard, run.total);
  run.axes = source.axes();
  return run;
}

}  // namespace stratem
