// The response file of a run: it survives a crash of who writes it, and the run goes on where it
// stopped. Parts of a run that were computed apart are joined.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "stratem/io.hpp"
#include "stratem/model_source.hpp"
#include "stratem/plan.hpp"
#include "stratem/run.hpp"

namespace stratem {

/// Part number `index` of `parts` about equal ones of a run, counted from 1.
struct Shard {
  std::int64_t index = 1;
  std::int64_t parts = 1;
};

/// Models first .. first + count - 1.
struct ModelRange {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// The models of a part: every model is in one, the sizes differ by one at most. Throws InputError
/// naming `shard` unless 1 <= index <= parts.
ModelRange models_of(const Shard& shard, std::int64_t total);

/// All that the responses of a run depend on, and which of its models are meant.
struct RunDescription {
  ResponseAttributes attributes;
  std::string options;  ///< JSON object: the options that matter to the responses, by their names
  std::string models;   ///< ModelSource::identity()
  std::int64_t total = 0;  ///< models of the whole run
  ModelRange range;        ///< those that are computed
  /// ModelSource::axes(): what responses to the whole run can be reshaped to.
  std::vector<GridAxis> axes{};
};

/// What a response file says of the plan that computed it.
ResponseAttributes describe_plan(const Plan& plan);

/// Cost: that of ModelSource::identity().
RunDescription describe_run(const Plan& plan, const ModelSource& source, const Shard& shard = {});

/// What becomes of a file that is there already.
enum class Existing : std::uint8_t {
  refuse,
  replace,
  resume,  ///< go on where it ends; begin if there is none
};

struct RunFileOptions {
  Existing existing = Existing::refuse;
  /// Seconds between checkpoints, 0.01 .. 86400. What was written since the last one is computed
  /// again after a power cut, and nothing after the death of the process alone.
  double checkpoint_seconds = 5.0;
  /// 0 .. 9; above 0 the finished file is written anew with its responses deflated (HDF5's shuffle
  /// and deflate), which takes time and, until then, disk space for both.
  int compression = 0;
};

/// Throws what opening such a run file would throw at once because of the file that is there or the
/// folder it is to be in. Leaves nothing behind.
void check_run_file(const std::filesystem::path& path, Existing existing);

/// A response file in HDF5 being written in the order of models. Its size and all that HDF5 keeps
/// about it are settled, on the disk, and with the disk's space set aside where the file system
/// can, before the first response comes; from then on only numbers change in place. So it can be
/// opened at any time, by readers while it is written and by anyone after the writer was killed or
/// the power failed: the first of the numbers in `checkpoint` says how many models are in it, and
/// the attribute `complete` is 1 once all are. Checksums of blocks of models tell whether those are
/// still what was written. One process at a time writes a file, if the file system has locks.
/// Thread safety: write() may run in one thread and the rest in another.
class RunFile final : public ResponseSink {
 public:
  /// Makes or opens the file. Throws InputError if it exists and is not to be replaced or resumed,
  /// is another run's (naming what differs), is damaged or is being written by another process, and
  /// IoError if it cannot be written, for want of disk space for instance.
  RunFile(const std::filesystem::path& path, RunDescription run,
          const RunFileOptions& options = {});
  /// Notes what has been written, if it can.
  ~RunFile() override;
  RunFile(const RunFile&) = delete;
  RunFile& operator=(const RunFile&) = delete;

  /// Models in the file.
  std::int64_t done() const;
  /// Those that are still to be computed and written: the rest of the run's range.
  ModelRange rest() const;
  /// Of the models in the file.
  const StatusCounts& statuses() const;
  bool complete() const;

  /// Throws InputError unless `first` is the first of rest(), and IoError if the disk is full.
  void write(std::int64_t first, const Responses& responses) override;
  /// All models that have been written stay so, whatever happens from now on.
  void checkpoint();
  /// Ends a run of which all models have been written; without effect if that has been done. Throws
  /// InputError if some are missing, IoError if writing fails.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct MergeOptions {
  bool overwrite = false;
  /// The whole refers to its parts, which must stay where they are, instead of holding copies.
  bool refer = false;
  int compression = 0;  ///< 0 .. 9; of copies
};

/// Joins the complete files of all parts of one run, given in any order. The result is the file of
/// the whole run. Memory is bounded. Throws InputError naming the file if one is not complete, is
/// of another run than the first, or overlaps another, or the models that are in none.
/// Returns the number of models.
std::int64_t merge_runs(const std::vector<std::filesystem::path>& parts,
                        const std::filesystem::path& whole, const MergeOptions& options = {});

}  // namespace stratem
