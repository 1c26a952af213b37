#include "stratem/statistics.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "c/handles.hpp"
#include "c/structs.hpp"
#include "stratem/stratem.h"

namespace c = stratem::c;

namespace {

template <class Number>
void copy_to(Number* array, const std::vector<Number>& values) {
  if (array != nullptr) std::copy(values.begin(), values.end(), array);
}

std::vector<double> percentiles_of(const stratem_gate_statistics& asked) {
  if (asked.percentile_count < 0) {
    throw stratem::InputError("percentile_count: " + std::to_string(asked.percentile_count) +
                              ", allowed is 0 or more");
  }
  if (asked.percentile_count == 0) return {};
  const double* const first = &c::required(asked.percentiles, "percentiles");
  return {first, first + asked.percentile_count};
}

}  // namespace

int stratem_statistics_create(int64_t gates, int64_t memory, stratem_statistics** statistics) {
  return c::create(statistics, "statistics", [&] {
    return stratem::EnsembleStatistics(gates, memory == STRATEM_DEFAULT_MEMORY
                                                  ? stratem::EnsembleStatistics::default_memory
                                                  : memory);
  });
}

void stratem_statistics_destroy(stratem_statistics* statistics) { delete statistics; }

int stratem_statistics_merge(stratem_statistics* statistics, const stratem_statistics* from) {
  return c::guarded([&] {
    if (statistics == from) {
      c::required(from, "from");
      throw stratem::InputError("from: the statistics themselves, allowed are others");
    }
    c::required(statistics, "statistics").statistics.merge(c::required(from, "from").statistics);
  });
}

int stratem_statistics_result(const stratem_statistics* statistics,
                              stratem_gate_statistics* result) {
  return c::guarded([&] {
    const stratem::EnsembleStatistics& all = c::required(statistics, "statistics").statistics;
    stratem_gate_statistics known = c::read_struct(result, "result");
    c::check_count("gates", known.gates, all.gates());
    const std::vector<double> percentiles = percentiles_of(known);
    // The library always computes a percentile.
    const stratem::ResponseStatistics found =
        all.result(percentiles.empty() ? std::vector{50.0} : percentiles);
    if (!percentiles.empty()) copy_to(known.percentile, found.percentile);
    copy_to(known.mean, found.mean);
    copy_to(known.standard_deviation, found.standard_deviation);
    copy_to(known.counted, found.counted);
    known.models = found.models;
    known.failed = found.failed;
    known.percentile_error = found.percentile_error;
    c::write_struct(known, result, "result");
  });
}
