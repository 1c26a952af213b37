// Responses written in place into a run's file, and the checkpoints that count them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <thread>

#include "io/descriptor.hpp"
#include "io/responses/block_checksums.hpp"
#include "io/runs/checked_responses.hpp"
#include "stratem/error.hpp"
#include "stratem/responses.hpp"

namespace stratem::io {

/// "3 of 10 models".
std::string progress_text(std::int64_t done, std::int64_t models);

/// A run's file whose HDF5 metadata are complete. Only numbers at fixed places change. A checkpoint
/// flushes them to the disk and then records how many models there are. Thread safety: append() may
/// run in one thread and the rest in another. All functions throw IoError if the file cannot be
/// written.
class CheckpointedFile {
 public:
  /// A locked file and where its numbers are. `there` are the checksums of the models already in
  /// it, and `models` is the number of models that it will hold.
  CheckpointedFile(std::filesystem::path path, Descriptor file, const ResponseOffsets& offsets,
                   const BlockChecksums& there, std::int64_t models);

  /// Models in the file.
  std::int64_t done() const { return checksums_.models(); }
  /// Writes the next models. Throws the error of an earlier checkpoint, if there was one.
  void append(const Responses& responses);

  void checkpoint();
  /// From now on a thread makes a checkpoint every `seconds` seconds.
  void checkpoint_every(double seconds);
  /// Ends that thread, writes the last checksums and the last checkpoint.
  void finish();
  /// Flushes the file to the disk.
  void sync();

 private:
  /// The content of a checkpoint.
  struct Mark {
    std::int64_t models = 0;
    BlockChecksum unfinished{};
  };

  Mark mark() const { return {checksums_.models(), checksums_.unfinished()}; }
  void throw_failure();
  void write_at(std::int64_t offset, std::span<const std::byte> bytes);
  void run_checkpoints(const std::stop_token& stop, double seconds);
  [[noreturn]] void fail(const std::error_code& error);

  std::filesystem::path path_;
  Descriptor file_;
  ResponseOffsets offsets_;
  BlockChecksums checksums_;  // of all models in the file
  std::int64_t models_;

  std::mutex mutex_;  // for the next three
  Mark written_;
  Mark marked_;
  std::optional<IoError> failure_;  // error of a checkpoint made by the thread below
  std::mutex checkpoints_;          // held during a checkpoint, so that none overtakes another
  std::condition_variable_any wake_;
  std::jthread checkpointer_;  // the last member: it ends before the members that it uses
};

}  // namespace stratem::io
