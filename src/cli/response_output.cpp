#include "cli/response_output.hpp"

#include <array>
#include <utility>

#include "cli/numbers.hpp"
#include "cli/statistics_options.hpp"
#include "cli/statistics_output.hpp"
#include "io/ending.hpp"
#include "stratem/error.hpp"
#include "stratem/io.hpp"

namespace stratem::cli {
namespace {

/// Options that a CSV output does not support.
constexpr std::array run_file_options{"resume", "shard", "compress", "checkpoint"};

Existing existing(const Arguments& arguments) {
  if (arguments.has("resume")) return Existing::resume;
  return arguments.has("force") ? Existing::replace : Existing::refuse;
}

Shard read_shard(const Arguments& arguments) {
  const auto text = arguments.value("shard");
  if (!text) return {};
  const auto slash = text->find('/');
  if (slash == std::string::npos) {
    throw InputError("shard: " + *text + ", allowed is i/n, such as 1/8");
  }
  const Shard shard{parse_whole("shard", std::string_view(*text).substr(0, slash), 1),
                    parse_whole("shard", std::string_view(*text).substr(slash + 1), 1)};
  models_of(shard, 0);
  return shard;
}

RunFileOptions read_options(const Arguments& arguments) {
  RunFileOptions options;
  options.existing = existing(arguments);
  if (const auto text = arguments.value("checkpoint")) {
    options.checkpoint_seconds = parse_number("checkpoint", *text);
  }
  options.compression =
      static_cast<int>(parse_whole("compress", arguments.value("compress").value_or("0"), 0, 9));
  return options;
}

bool is_csv(const std::string& path) { return io::kind_of(path) == io::FileKind::csv; }

class RunFileOutput final : public ResponseOutput {
 public:
  RunFileOutput(const std::string& path, RunDescription run, const RunFileOptions& options)
      : path_(path), file_(path, std::move(run), options) {}

  RunSummary run(const Plan& plan, const ModelSource& source, const RunOptions& options) override {
    return stratem::run(plan, source, file_, options);
  }
  ModelRange rest() const override { return file_.rest(); }
  std::int64_t done() const override { return file_.done(); }
  const StatusCounts& statuses() const override { return file_.statuses(); }
  void record(const DeviceFaults& faults) override { file_.record(faults); }
  void finish() override { file_.finish(); }
  std::string keep() override {
    file_.checkpoint();
    return "the same command with --resume goes on with " + path_;
  }

 private:
  std::string path_;
  RunFile file_;
};

/// Holds all responses until the end.
class CsvOutput final : public ResponseOutput, private ResponseSink {
 public:
  CsvOutput(std::string path, ResponseAttributes attributes, std::int64_t models, bool force)
      : path_(std::move(path)),
        attributes_(std::move(attributes)),
        responses_(0, gate_count(attributes_.system)),
        models_(models),
        force_(force) {}

  RunSummary run(const Plan& plan, const ModelSource& source, const RunOptions& options) override {
    return stratem::run(plan, source, static_cast<ResponseSink&>(*this), options);
  }
  ModelRange rest() const override { return {done(), models_ - done()}; }
  std::int64_t done() const override { return responses_.models; }
  const StatusCounts& statuses() const override { return statuses_; }
  void record(const DeviceFaults& faults) override { attributes_.faults = faults; }
  void finish() override { write_responses(path_, responses_, attributes_, force_); }
  std::string keep() override {
    return path_ + " was not written; only a run into HDF5 can be continued";
  }

 private:
  void write(std::int64_t, const Responses& more) override {
    auto& all = responses_;
    all.response.insert(all.response.end(), more.response.begin(), more.response.end());
    all.status.insert(all.status.end(), more.status.begin(), more.status.end());
    all.models += more.models;
    for (const Status status : more.status) statuses_.add(status);
  }

  std::string path_;
  ResponseAttributes attributes_;
  Responses responses_;
  StatusCounts statuses_;
  std::int64_t models_;
  bool force_;
};

}  // namespace

std::vector<OptionSpec> output_option_specs() {
  return {{"resume", "", "go on with OUT where its run stopped; begin if it is not there"},
          {"shard", "i/n", "compute part i of n parts of the models only, for merge"},
          {"checkpoint", "SECONDS", "how often what is in OUT is made safe (default 5)"},
          {"compress", "N", "compress the responses at the end, 1 (fast) to 9 (small) (default 0)"},
          {"f,force", "", "replace OUT if it is there"}};
}

std::string output_path(const Arguments& arguments) {
  if (!arguments.has("stats-only")) return arguments.required("output");
  if (arguments.has("output")) {
    throw InputError("forward: --stats-only writes no responses, allowed is no --output beside it");
  }
  return arguments.required("stats-only");
}

void check_output(const Arguments& arguments) {
  const std::string path = output_path(arguments);
  if (arguments.has("resume") && arguments.has("force")) {
    throw InputError("forward: --resume keeps what --force replaces, allowed is one of them");
  }
  read_shard(arguments);
  read_options(arguments);
  const bool statistics = arguments.has("stats-only");
  if (statistics) read_statistics_options(arguments);
  if (!statistics && !is_csv(path)) {
    check_run_file(path, existing(arguments));
    return;
  }
  for (const char* option : run_file_options) {
    if (!arguments.has(option)) continue;
    throw InputError(path + ": --" + option +
                     " needs responses in an output that ends in .h5 or .hdf5");
  }
  check_writable(path, arguments.has("force"));
}

std::unique_ptr<ResponseOutput> open_output(const Arguments& arguments, const Plan& plan,
                                            const ModelSource& source) {
  if (arguments.has("stats-only")) return open_statistics_output(arguments, plan, source);
  const std::string path = arguments.required("output");
  if (is_csv(path)) {
    return std::make_unique<CsvOutput>(path, describe_plan(plan), source.models(),
                                       arguments.has("force"));
  }
  return std::make_unique<RunFileOutput>(path, describe_run(plan, source, read_shard(arguments)),
                                         read_options(arguments));
}

}  // namespace stratem::cli
