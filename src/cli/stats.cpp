// stratem stats: what an ensemble of responses looks like, gate by gate.
#include "stratem/statistics.hpp"

#include <iostream>

#include "cli/numbers.hpp"
#include "cli/paths.hpp"
#include "cli/text_table.hpp"
#include "cli/verb.hpp"
#include "core/text.hpp"
#include "io/data/response_words.hpp"
#include "io/output_file.hpp"
#include "io/text_file.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;
using NumberText = std::string (*)(double);

constexpr const char* default_percentiles = "10,50,90";

std::string table_number(double value) { return scientific(value, 4); }

std::vector<std::string> heading(const ResponseStatistics& statistics) {
  std::vector<std::string> cells{"moment", "time_s"};
  for (const double percentile : statistics.percentiles) {
    cells.push_back("p" + core::to_text(percentile));
  }
  cells.insert(cells.end(), {"mean", "std"});
  return cells;
}

/// A heading, then a row for every gate.
Rows rows_of(const ResponseStatistics& statistics, const System& system, NumberText text) {
  Rows rows{heading(statistics)};
  std::int64_t gate = 0;
  for (const auto& moment : system.moments) {
    for (const auto& each : moment.gates) {
      std::vector<std::string> row{moment.name, text(each.centre())};
      for (std::size_t rank = 0; rank < statistics.percentiles.size(); ++rank) {
        row.push_back(text(statistics(static_cast<std::int64_t>(rank), gate)));
      }
      row.push_back(text(statistics.mean[static_cast<std::size_t>(gate)]));
      row.push_back(text(statistics.standard_deviation[static_cast<std::size_t>(gate)]));
      rows.push_back(std::move(row));
      ++gate;
    }
  }
  return rows;
}

ExitStatus stats(const Arguments& arguments) {
  const std::string path = arguments.positional(0);
  const auto output = arguments.value("output");
  const auto percentiles =
      parse_numbers("percentiles", arguments.value("percentiles").value_or(default_percentiles));
  check_input(path);
  const bool force = arguments.has("force");
  if (output) io::check_writable(*output, {".csv"}, force);

  ResponseFile file = read_responses(path);
  const auto view = file.responses.view();
  const auto result =
      statistics({view.response.data(), view.response.rows(), view.response.columns()},
                 {view.status.data(), view.status.size()}, percentiles);
  const System& system = file.attributes.system;
  std::cout << counted(result.models, "model") << ", " << result.failed << " failed, backend "
            << file.attributes.backend << ", " << io::response_units(system) << "\n"
            << text_table(rows_of(result, system, table_number));
  if (output) io::write_text(*output, csv_table(rows_of(result, system, core::to_text)), force);
  return ExitStatus::done;
}

}  // namespace

Verb stats_verb() {
  Usage usage;
  usage.verb = "stats";
  usage.summary = "Show the percentiles, mean and standard deviation of responses, gate by gate";
  usage.positionals = {"RESPONSES"};
  usage.options = {{"percentiles", "P,P,...",
                    std::string("percentiles, 0 to 100 (default ") + default_percentiles + ")"},
                   {"o,output", "OUT", "write the table also as .csv, with all digits"},
                   {"f,force", "", "replace OUT if it is there"}};
  usage.details =
      "RESPONSES is .h5 or .hdf5, as forward writes it. Models that failed are left out and\n"
      "counted. Percentiles lie on straight lines between the sorted responses; the standard\n"
      "deviation is divided by the number of models.";
  return {usage, stats};
}

}  // namespace stratem::cli
