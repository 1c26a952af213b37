#include <cstdint>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "io/csv.hpp"
#include "io/ending.hpp"
#include "io/responses/response_facts.hpp"
#include "io/responses/response_words.hpp"
#include "io/responses/statistics_rows.hpp"
#include "io/text_file.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem {
namespace {

void write_hdf5(const std::filesystem::path& path, const ResponseStatistics& statistics,
                const ResponseAttributes& attributes, bool overwrite) {
  io::hdf5::OutputFile file(path, overwrite);
  const auto ranks = static_cast<std::int64_t>(statistics.percentiles.size());
  const std::int64_t gates = statistics.gates;
  file.write("percentiles", {ranks}, statistics.percentiles);
  file.write("percentile", {ranks, gates}, statistics.percentile);
  file.write("mean", {gates}, statistics.mean);
  file.write("standard_deviation", {gates}, statistics.standard_deviation);
  file.write("counted", {gates}, statistics.counted);
  for (const char* dataset : {"percentile", "mean", "standard_deviation"}) {
    file.attribute("units", io::response_units(attributes.system), dataset);
  }
  file.attribute("models", statistics.models);
  file.attribute("failed", statistics.failed);
  file.attribute("percentile_error", statistics.percentile_error);
  io::write_gates(file, attributes.system);
  io::write_attributes(file, attributes);
  file.commit();
}

}  // namespace

void write_statistics(const std::filesystem::path& path, const ResponseStatistics& statistics,
                      const ResponseAttributes& attributes, bool overwrite) {
  const auto kind = io::kind_of(path);
  if (statistics.gates != gate_count(attributes.system)) {
    throw InputError(path.string() + ": statistics of " + std::to_string(statistics.gates) +
                     " gates, the system has " + std::to_string(gate_count(attributes.system)));
  }
  if (kind == io::FileKind::hdf5) {
    write_hdf5(path, statistics, attributes, overwrite);
    return;
  }
  const auto rows = io::statistics_rows(statistics, attributes.system, base::to_text);
  io::write_text(path, io::csv_table(rows), overwrite);
}

}  // namespace stratem
