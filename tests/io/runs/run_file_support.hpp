// Runs without a computation: invented descriptions and responses.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "io/responses/block_checksums.hpp"
#include "io/support.hpp"
#include "stratem/run_file.hpp"

namespace stratem::test {

/// A run of two gates that names its models by their number.
inline RunDescription run_of(std::int64_t models) {
  Moment moment;
  moment.name = "LM";
  moment.transmitters.push_back({.loop = Circle{10.0}, .height = 30.0});
  moment.receivers.push_back({.height = 32.0});
  moment.gates = {{1e-5, 2e-5}, {3e-5, 3e-5}};
  RunDescription run;
  run.attributes.system.name = "two gates";
  run.attributes.system.moments = {moment};
  run.attributes.tolerance = 1e-4;
  run.attributes.plan_error = 3.25e-5;
  run.attributes.backend = "cpu";
  run.attributes.device = "CPU, AVX2";
  run.options = R"({"tolerance":0.0001,"height-range":[30.0,60.0]})";
  run.models = R"({"source":"prior","models":)" + std::to_string(models) + R"(,"seed":1})";
  run.total = models;
  run.range = {0, models};
  return run;
}

/// The same run, of which only a part is computed.
inline RunDescription part_of(RunDescription run, std::int64_t first, std::int64_t count) {
  run.range = {first, count};
  return run;
}

/// Responses that differ from model to model; every seventh model has failed.
inline Responses responses_of(std::int64_t first, std::int64_t count) {
  Responses responses(count, 2);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t model = first + i;
    const auto row = static_cast<std::size_t>(2 * i);
    const bool failed = model % 7 == 0;
    responses.response[row] = failed ? nan : 1.0 / static_cast<double>(model);
    responses.response[row + 1] = failed ? nan : -static_cast<double>(model);
    if (failed) responses.status[static_cast<std::size_t>(i)] = Status::bad_depth;
  }
  return responses;
}

/// Writes models from the file's next one on, in pieces.
inline void write_models_to(RunFile& file, std::int64_t count, std::int64_t piece = 1000) {
  while (count > 0) {
    const std::int64_t models = std::min(count, piece);
    const std::int64_t first = file.rest().first;
    file.write(first, responses_of(first, models));
    count -= models;
  }
}

inline void expect_whole(const std::filesystem::path& path, std::int64_t models) {
  const Responses found = read_responses(path).responses;
  const Responses expected = responses_of(0, models);
  ASSERT_EQ(found.models, models);
  expect_same_bits(found.response, expected.response, "response");
  EXPECT_EQ(found.status, expected.status);
}

}  // namespace stratem::test
