#include "io/runs/checkpointed_file.hpp"

#include <chrono>
#include <stop_token>
#include <utility>

#include "io/responses/responses_hdf5.hpp"

namespace stratem::io {

std::string progress_text(std::int64_t done, std::int64_t models) {
  return std::to_string(done) + " of " + std::to_string(models) + " models";
}

CheckpointedFile::CheckpointedFile(std::filesystem::path path, Descriptor file,
                                   const ResponseOffsets& offsets, const BlockChecksums& there,
                                   std::int64_t models)
    : path_(std::move(path)),
      file_(std::move(file)),
      offsets_(offsets),
      checksums_(there),
      models_(models),
      written_(mark()),
      marked_(written_) {}

void CheckpointedFile::fail(const std::error_code& error) {
  const std::scoped_lock lock(mutex_);
  throw IoError(path_.string() + ": cannot be written: " + error.message() + " (" +
                progress_text(written_.models, models_) +
                " are in it, --resume goes on from there)");
}

void CheckpointedFile::throw_failure() {
  const std::scoped_lock lock(mutex_);
  if (failure_) throw IoError(*failure_);
}

void CheckpointedFile::write_at(std::int64_t offset, std::span<const std::byte> bytes) {
  if (const auto error = file_.write_at(offset, bytes)) fail(error);
}

void CheckpointedFile::sync() {
  if (const auto error = file_.sync()) fail(error);
}

void CheckpointedFile::append(const Responses& responses) {
  throw_failure();
  const std::int64_t row = done();
  const std::int64_t block = row / checksum_block;
  write_at(offsets_.response_of(row, responses.gates),
           std::as_bytes(std::span(responses.response)));
  write_at(offsets_.status + row, std::as_bytes(std::span(responses.status)));
  const auto full = checksums_.add(responses);
  write_at(offsets_.checksum_of(block), std::as_bytes(std::span(full)));
  const std::scoped_lock lock(mutex_);
  written_ = mark();
}

void CheckpointedFile::checkpoint() {
  const std::scoped_lock one_at_a_time(checkpoints_);
  Mark next;
  {
    const std::scoped_lock lock(mutex_);
    if (written_.models == marked_.models) return;
    next = written_;
  }
  // Responses first: they must be on the disk before the checkpoint that counts them.
  sync();
  const auto words = checkpoint_of(next.models, next.unfinished);
  write_at(offsets_.checkpoint, std::as_bytes(std::span(words)));
  sync();
  const std::scoped_lock lock(mutex_);
  marked_ = next;
}

void CheckpointedFile::checkpoint_every(double seconds) {
  checkpointer_ = std::jthread(
      [this, seconds](const std::stop_token& stop) { run_checkpoints(stop, seconds); });
}

void CheckpointedFile::run_checkpoints(const std::stop_token& stop, double seconds) {
  const auto interval =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, interval, [] { return false; });
    if (stop.stop_requested() || failure_) continue;
    lock.unlock();
    std::optional<IoError> problem;
    try {
      checkpoint();
    } catch (const IoError& error) {
      problem = error;
    }
    lock.lock();
    if (problem) failure_ = problem;
  }
}

void CheckpointedFile::finish() {
  checkpointer_ = {};
  throw_failure();
  if (done() % checksum_block != 0) {
    const BlockChecksum& last = checksums_.unfinished();
    write_at(offsets_.checksum_of(done() / checksum_block), std::as_bytes(std::span(&last, 1)));
  }
  checkpoint();
  sync();
}

}  // namespace stratem::io
