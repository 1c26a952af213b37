// The description of a run in its response file.
#include <nlohmann/json.hpp>
#include <string>

#include "stratem/error.hpp"
#include "stratem/run_file.hpp"

namespace stratem {
namespace {

/// The options that the responses depend on. Threads, batches and the cache do not change a bit of
/// them.
std::string options_text(const Options& options) {
  const auto list = [](const Range& range) { return nlohmann::ordered_json{range.min, range.max}; };
  nlohmann::ordered_json json{{"tolerance", options.tolerance},
                              {"precision", to_string(options.precision)},
                              {"resistivity-range", list(options.resistivity)},
                              {"polarizable", options.polarizable},
                              {"layers", options.layers},
                              {"out-of-range", to_string(options.out_of_range)}};
  if (options.height) json["height-range"] = list(*options.height);
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
