#include "cli/statistics_output.hpp"

#include <iostream>
#include <string>
#include <utility>

#include "cli/statistics_options.hpp"
#include "stratem/io.hpp"
#include "stratem/statistics.hpp"
#include "stratem/statistics_sink.hpp"

namespace stratem::cli {
namespace {

class StatisticsOutput final : public ResponseOutput {
 public:
  StatisticsOutput(std::string path, bool force, StatisticsOptions options,
                   ResponseAttributes attributes, std::int64_t models)
      : path_(std::move(path)),
        force_(force),
        options_(std::move(options)),
        attributes_(std::move(attributes)),
        models_(models),
        statistics_(gate_count(attributes_.system), options_.memory),
        sink_(statistics_) {}

  ResponseSink& sink() override { return sink_; }
  ModelRange rest() const override { return {done(), models_ - done()}; }
  std::int64_t done() const override { return statistics_.models(); }
  const StatusCounts& statuses() const override { return sink_.statuses(); }
  void finish() override {
    const auto result = statistics_.result(options_.percentiles);
    write_statistics(path_, result, attributes_, force_);
    std::cout << statistics_text(result, attributes_);
  }
  std::string keep() override {
    return path_ + " was not written; statistics alone cannot be gone on with";
  }

 private:
  std::string path_;
  bool force_;
  StatisticsOptions options_;
  ResponseAttributes attributes_;
  std::int64_t models_;
  EnsembleStatistics statistics_;
  StatisticsSink sink_;
};

}  // namespace

std::vector<OptionSpec> statistics_output_option_specs() {
  auto specs = statistics_option_specs();
  specs.insert(specs.begin(), {"stats-only", "STATS",
                               "write no responses but their statistics: .csv, .h5 or .hdf5"});
  return specs;
}

std::unique_ptr<ResponseOutput> open_statistics_output(const Arguments& arguments, const Plan& plan,
                                                       const ModelSource& source) {
  return std::make_unique<StatisticsOutput>(
      arguments.required("stats-only"), arguments.has("force"), read_statistics_options(arguments),
      describe_plan(plan), source.models());
}

}  // namespace stratem::cli
