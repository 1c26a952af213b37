#include "cli/statistics_output.hpp"

#include <iostream>
#include <string>
#include <utility>

#include "cli/statistics_options.hpp"
#include "stratem/io.hpp"
#include "stratem/statistics.hpp"

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
        statistics_(gate_count(attributes_.system),
                    all_fit(gate_count(attributes_.system)) ? options_.memory : 0) {}

  RunSummary run(const Plan& plan, const ModelSource& source, const RunOptions& options) override {
    const RunSummary summary = stratem::run(plan, source, statistics_, options);
    statuses_.add(summary.statuses);
    return summary;
  }
  ModelRange rest() const override { return {done(), models_ - done()}; }
  std::int64_t done() const override { return statistics_.models(); }
  const StatusCounts& statuses() const override { return statuses_; }
  void record(const DeviceFaults& faults) override { attributes_.faults = faults; }
  void finish() override {
    const auto result = statistics_.result(options_.percentiles);
    write_statistics(path_, result, attributes_, force_);
    std::cout << statistics_text(result, attributes_);
  }
  std::string keep() override {
    return path_ + " was not written; a run that keeps only statistics cannot be continued";
  }

 private:
  /// Whether all responses fit into the memory. If not, keeping the first of them would only cost
  /// time.
  bool all_fit(std::int64_t gates) const {
    const std::int64_t responses = options_.memory / static_cast<std::int64_t>(sizeof(double));
    return gates == 0 || models_ <= responses / gates;
  }

  std::string path_;
  bool force_;
  StatisticsOptions options_;
  ResponseAttributes attributes_;
  std::int64_t models_;
  EnsembleStatistics statistics_;
  StatusCounts statuses_;
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
