#include "io/responses/statistics_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/text.hpp"

namespace stratem::io {
namespace {

std::vector<std::string> heading(const ResponseStatistics& statistics) {
  std::vector<std::string> cells{"moment", "time_s"};
  for (const double percentile : statistics.percentiles) {
    cells.push_back("p" + base::to_text(percentile));
  }
  cells.insert(cells.end(), {"mean", "std"});
  return cells;
}

}  // namespace

std::vector<std::vector<std::string>> statistics_rows(const ResponseStatistics& statistics,
                                                      const System& system,
                                                      std::string (*text)(double)) {
  std::vector<std::vector<std::string>> rows{heading(statistics)};
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

}  // namespace stratem::io
