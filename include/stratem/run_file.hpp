// The response file of a run. It survives a crash of the program that writes it, and the run can
// continue where it stopped. Parts of a run that were computed separately can be joined.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "stratem/export.hpp"
#include "stratem/io.hpp"
#include "stratem/model_source.hpp"
#include "stratem/plan.hpp"
#include "stratem/run.hpp"

namespace stratem {

/// Part number `index`, counted from 1, of a run that is cut into `parts` about equal parts.
struct Shard {
  std::int64_t index = 1;
  std::int64_t parts = 1;
};

/// Models first .. first + count - 1.
struct ModelRange {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// The models of a part: every model is in exactly one part, and sizes differ by one at most.
/// Throws InputError naming `shard` unless 1 <= index <= parts.
STRATEM_EXPORT ModelRange models_of(const Shard& shard, std::int64_t total);

/// Everything that the responses of a run depend on, and the range of models that is computed.
struct RunDescription {
  ResponseAttributes attributes;
  std::string options;  ///< JSON object: the options that matter to the responses, by their names
  std::string models;   ///< ModelSource::identity()
  std::int64_t total = 0;  ///< models of the whole run
  ModelRange range;        ///< models that are computed
  /// ModelSource::axes(): the shape that the responses of the whole run can be given.
  std::vector<GridAxis> axes{};
};

/// The facts in a response file about the plan that computed it.
STRATEM_EXPORT ResponseAttributes describe_plan(const Plan& plan);

/// Describes the run of a plan over a source's models, or one part of it. Cost: that of
/// ModelSource::identity().
STRATEM_EXPORT RunDescription describe_run(const Plan& plan, const ModelSource& source,
                                           const Shard& shard = {});

/// What to do with a file that already exists.
enum class Existing : std::uint8_t {
  refuse,
  replace,
  resume,  ///< continue where it ends; begin if there is none
};

struct RunFileOptions {
  Existing existing = Existing::refuse;
  /// Seconds between checkpoints, 0.01 .. 86400. After a power cut, responses written since the
  /// last checkpoint are computed again. If only the process dies, nothing is computed again.
  double checkpoint_seconds = 5.0;
  /// 0 .. 9; above 0 the finished file is rewritten with its responses deflated (HDF5's shuffle
  /// and deflate). This takes time and, until it is done, disk space for both files.
  int compression = 0;
};

/// Throws the errors that opening such a run file would throw at once because of an existing file
/// or because of its folder. Leaves no file behind.
STRATEM_EXPORT void check_run_file(const std::filesystem::path& path, Existing existing);

/// A response file in HDF5 that is written in the order of models. Its size and all its HDF5
/// metadata are on the disk before the first response is written, and disk space is reserved where
/// the file system can do so. After that only numbers change in place. The file can therefore be
/// opened at any time: by readers while it is written, and by any program after the writer was
/// killed or the power failed. The first number in `checkpoint` says how many models are in the
/// file, and the attribute `complete` is 1 once all are. Checksums of blocks of models show whether
/// the responses are still as they were written. Only one process at a time writes a file, if the
/// file system has locks. Thread safety: write() may run in one thread and the rest in another.
class STRATEM_EXPORT RunFile final : public ResponseSink {
 public:
  /// Makes or opens the file. Throws InputError if it exists and is not to be replaced or resumed,
  /// is another run's (naming what differs), is damaged or is being written by another process.
  /// Throws IoError if it cannot be written, for instance because the disk is full.
  RunFile(const std::filesystem::path& path, RunDescription run,
          const RunFileOptions& options = {});
  /// Records how much has been written, if possible.
  ~RunFile() override;
  RunFile(const RunFile&) = delete;
  RunFile& operator=(const RunFile&) = delete;

  /// Models in the file.
  std::int64_t done() const;
  /// The models that are still to be computed and written: the rest of the run's range.
  ModelRange rest() const;
  /// The statuses of the models in the file.
  const StatusCounts& statuses() const;
  bool complete() const;

  /// Throws InputError unless `first` is the first of rest(), and IoError if the disk is full.
  void write(std::int64_t first, const Responses& responses) override;
  /// Flushes to the disk: all models that have been written stay in the file, whatever happens
  /// later.
  void checkpoint();
  /// Adds what went wrong with the devices that compute to what the file records of it, also after
  /// finish(). A plan's faults are added once, after its last model. Throws IoError.
  void record(const DeviceFaults& faults);
  /// Ends a run after all its models have been written. A second call has no effect. Throws
  /// InputError if models are missing, IoError if writing fails.
  void finish();

 private:
  struct STRATEM_HIDDEN State;
  std::unique_ptr<State> state_;
};

struct MergeOptions {
  bool overwrite = false;
  /// The merged file refers to its parts, which must stay where they are, and holds no copies.
  bool virtual_datasets = false;
  int compression = 0;  ///< 0 .. 9; of copies
};

/// Joins the complete files of all parts of one run, given in any order. The result is the file of
/// the whole run. Memory is bounded. Throws InputError naming a file that is not complete, belongs
/// to another run than the first, or overlaps another, or naming the models that no file has.
/// Returns the number of models.
STRATEM_EXPORT std::int64_t merge_runs(const std::vector<std::filesystem::path>& parts,
                                       const std::filesystem::path& whole,
                                       const MergeOptions& options = {});

}  // namespace stratem
