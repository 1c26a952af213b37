#include "cli/statistics_options.hpp"

#include "cli/numbers.hpp"
#include "cli/text_table.hpp"
#include "io/responses/response_words.hpp"
#include "io/responses/statistics_rows.hpp"

namespace stratem::cli {
namespace {

constexpr const char* default_percentiles = "10,50,90";
constexpr int bits_of_mebibyte = 20;
constexpr std::int64_t default_mebibytes = EnsembleStatistics::default_memory >> bits_of_mebibyte;
constexpr std::int64_t most_mebibytes = std::int64_t{1} << 30;

}  // namespace

std::vector<OptionSpec> statistics_option_specs() {
  return {{"percentiles", "P,P,...",
           std::string("percentiles, 0 to 100 (default ") + default_percentiles + ")"},
          {"memory", "MIB",
           "memory in MiB for responses that are kept, for exact percentiles (default " +
               std::to_string(default_mebibytes) + ")"}};
}

StatisticsOptions read_statistics_options(const Arguments& arguments) {
  StatisticsOptions options;
  options.percentiles =
      parse_numbers("percentiles", arguments.value("percentiles").value_or(default_percentiles));
  check_percentiles(options.percentiles);
  const std::string memory = arguments.value("memory").value_or(std::to_string(default_mebibytes));
  options.memory = parse_whole("memory", memory, 0, most_mebibytes) << bits_of_mebibyte;
  return options;
}

std::string statistics_text(const ResponseStatistics& statistics,
                            const ResponseAttributes& attributes) {
  std::string text = counted(statistics.models, "model") + ", " +
                     std::to_string(statistics.failed) + " failed, backend " + attributes.backend +
                     ", " + io::response_units(attributes.system);
  if (statistics.percentile_error > 0.0) {
    text += ", relative error of percentiles at most " + rounded(statistics.percentile_error);
  }
  const auto number = [](double value) { return scientific(value, 4); };
  return text + "\n" + text_table(io::statistics_rows(statistics, attributes.system, number));
}

}  // namespace stratem::cli
