#include "stratem/run_file.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "base/text.hpp"
#include "io/ending.hpp"
#include "io/locked_file.hpp"
#include "io/output_file.hpp"
#include "io/responses/responses_hdf5.hpp"
#include "io/runs/checked_responses.hpp"
#include "io/runs/same_run.hpp"
#include "stratem/error.hpp"
#include "stratem/version.hpp"

namespace stratem {
namespace {

namespace fs = std::filesystem;
using io::BlockChecksum;

std::string progress_of(std::int64_t done, std::int64_t models) {
  return std::to_string(done) + " of " + std::to_string(models) + " models";
}

/// The models in an unfinished response file of a run, or nothing if the file is anything else.
std::optional<std::string> unfinished_run(const fs::path& path) {
  try {
    const io::hdf5::InputFile file(path);
    const auto recorded = io::read_run(file);
    if (!recorded || io::is_complete(file)) return std::nullopt;
    return progress_of(io::models_in(file), recorded->run.range.count);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void refuse_existing(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return;  // io::OutputFile reports this error
  const auto unfinished = unfinished_run(path);
  if (!unfinished) return;
  throw InputError(path.string() + ": exists already, a run that stopped after " + *unfinished +
                   ", allowed is going on with it (--resume), a new name or asking to replace it "
                   "(--force)");
}

void check_options(const RunFileOptions& options) {
  if (!(options.checkpoint_seconds >= 0.01 && options.checkpoint_seconds <= 86400.0)) {
    throw InputError("checkpoint: " + base::to_text(options.checkpoint_seconds) +
                     ", allowed is 0.01 to 86400 s");
  }
  if (options.compression < 0 || options.compression > 9) {
    throw InputError("compress: " + std::to_string(options.compression) + ", allowed is 0 to 9");
  }
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

}  // namespace

struct RunFile::State {
  /// The content of a checkpoint.
  struct Mark {
    std::int64_t models = 0;
    BlockChecksum unfinished{};
  };

  fs::path path;
  RunDescription run;
  RunFileOptions options;
  io::Descriptor file;
  io::ResponsePlaces places;
  io::BlockChecksums checksums;  ///< of all models in the file
  StatusCounts statuses;
  bool complete = false;

  std::mutex mutex;  ///< for the next three
  Mark written;
  Mark marked;
  std::optional<IoError> failure;  ///< error of a checkpoint made by the thread below
  std::mutex checkpoints;          ///< held during a checkpoint, so that none overtakes another
  std::condition_variable_any wake;
  std::jthread checkpointer;  ///< the last member: it ends before the members that it uses

  void create();
  void resume();
  void count_what_is_there();
  void start_checkpoints();
  void append(const Responses& responses);
  void throw_failure();
  void write_at(std::int64_t place, std::span<const std::byte> bytes);
  void make_checkpoint();
  void compress();
  std::int64_t done() const { return checksums.models(); }
  [[noreturn]] void fail(const std::error_code& error);
};

void RunFile::State::fail(const std::error_code& error) {
  const std::scoped_lock lock(mutex);
  throw IoError(path.string() + ": cannot be written: " + error.message() + " (" +
                progress_of(written.models, run.range.count) +
                " are in it, --resume goes on from there)");
}

void RunFile::State::throw_failure() {
  const std::scoped_lock lock(mutex);
  if (failure) throw IoError(*failure);
}

void RunFile::State::create() {
  const bool replace = options.existing == Existing::replace;
  io::Descriptor old;
  if (replace && is_there(path)) old = io::open_locked(path);
  io::ResponseFileHdf5(path, run, replace).appear_unwritten();
  file = io::open_locked(path);
  places = io::places_of_responses(io::hdf5::InputFile(path));
}

void RunFile::State::resume() {
  file = io::open_locked(path);
  const io::hdf5::InputFile input(path);
  const auto recorded = io::read_run(input);
  if (!recorded) throw InputError(path.string() + ": is no response file of a run");
  if (const auto what = io::difference({run, version}, *recorded)) {
    throw InputError(path.string() + ": is of another run: " + *what);
  }
  const ModelRange there = recorded->run.range;
  if (there.first != run.range.first || there.count != run.range.count) {
    throw InputError(path.string() + ": is of other models of the run: from model " +
                     std::to_string(there.first) + " on " + std::to_string(there.count) +
                     ", not from " + std::to_string(run.range.first) + " on " +
                     std::to_string(run.range.count));
  }
  complete = io::is_complete(input);
  places = io::places_of_responses(input);
  if (!complete && places.response < 0 && run.range.count > 0) {
    throw InputError(path.string() + ": response: not in one piece, the file is damaged");
  }
  checksums = io::check_responses(input, [this](const Responses& responses) {
    for (const Status status : responses.status) statuses.add(status);
  });
  written = marked = {checksums.models(), checksums.unfinished()};
}

void RunFile::State::start_checkpoints() {
  checkpointer = std::jthread([this](const std::stop_token& stop) {
    const auto interval = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::duration<double>(options.checkpoint_seconds));
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      wake.wait_for(lock, stop, interval, [] { return false; });
      if (stop.stop_requested() || failure) continue;
      lock.unlock();
      std::optional<IoError> problem;
      try {
        make_checkpoint();
      } catch (const IoError& error) {
        problem = error;
      }
      lock.lock();
      if (problem) failure = problem;
    }
  });
}

void RunFile::State::write_at(std::int64_t place, std::span<const std::byte> bytes) {
  if (const auto error = file.write_at(place, bytes)) fail(error);
}

void RunFile::State::append(const Responses& responses) {
  throw_failure();
  const std::int64_t row = done();
  const std::int64_t block = row / io::checksum_block;
  write_at(places.response_of(row, responses.gates), std::as_bytes(std::span(responses.response)));
  write_at(places.status + row, std::as_bytes(std::span(responses.status)));
  const auto full = checksums.add(responses);
  write_at(places.checksum_of(block), std::as_bytes(std::span(full)));
  for (const Status status : responses.status) statuses.add(status);
  const std::scoped_lock lock(mutex);
  written = {checksums.models(), checksums.unfinished()};
}

void RunFile::State::make_checkpoint() {
  const std::scoped_lock one_at_a_time(checkpoints);
  Mark mark;
  {
    const std::scoped_lock lock(mutex);
    if (written.models == marked.models) return;
    mark = written;
  }
  // Responses first: they must be on the disk before the checkpoint that counts them.
  if (const auto error = file.sync()) fail(error);
  const auto words = io::checkpoint_of(mark.models, mark.unfinished);
  write_at(places.checkpoint, std::as_bytes(std::span(words)));
  if (const auto error = file.sync()) fail(error);
  const std::scoped_lock lock(mutex);
  marked = mark;
}

void RunFile::State::compress() {
  io::ResponseFileHdf5 smaller(path, run, true, {.compression = options.compression});
  std::int64_t row = 0;
  io::check_responses(io::hdf5::InputFile(path), [&](const Responses& responses) {
    smaller.write(row, responses);
    row += responses.models;
  });
  smaller.finish();
}

RunFile::RunFile(const fs::path& path, RunDescription run, const RunFileOptions& options)
    : state_(std::make_unique<State>()) {
  check_options(options);
  state_->path = path;
  state_->run = std::move(run);
  state_->options = options;
  check_run_file(path, options.existing);
  if (options.existing == Existing::resume && is_there(path)) {
    state_->resume();
  } else {
    state_->create();
  }
  if (!state_->complete) state_->start_checkpoints();
}

RunFile::~RunFile() {
  try {
    state_->make_checkpoint();
  } catch (const std::exception&) {
    return;  // the last checkpoint remains valid
  }
}

std::int64_t RunFile::done() const { return state_->done(); }

ModelRange RunFile::rest() const {
  const ModelRange& range = state_->run.range;
  return {range.first + done(), range.count - done()};
}

const StatusCounts& RunFile::statuses() const { return state_->statuses; }
bool RunFile::complete() const { return state_->complete; }

void RunFile::write(std::int64_t first, const Responses& responses) {
  const ModelRange rest = this->rest();
  if (first != rest.first || responses.models > rest.count || state_->complete) {
    throw InputError(state_->path.string() + ": models from " + std::to_string(first) + " on, " +
                     std::to_string(responses.models) + ", allowed is from " +
                     std::to_string(rest.first) + " on, at most " + std::to_string(rest.count));
  }
  state_->append(responses);
}

void RunFile::checkpoint() { state_->make_checkpoint(); }

void RunFile::finish() {
  State& state = *state_;
  if (state.complete) return;
  if (rest().count > 0) {
    throw InputError(state.path.string() + ": not complete: " +
                     progress_of(done(), state.run.range.count) + " are in it");
  }
  state.checkpointer = {};
  state.throw_failure();
  const std::int64_t models = done();
  if (models % io::checksum_block != 0) {
    const BlockChecksum& last = state.checksums.unfinished();
    state.write_at(state.places.checksum_of(models / io::checksum_block),
                   std::as_bytes(std::span(&last, 1)));
  }
  state.make_checkpoint();
  if (const auto error = state.file.sync()) state.fail(error);
  if (state.options.compression > 0) {
    state.compress();
  } else {
    io::hdf5::change_attribute(state.path, "complete", 1);
    if (const auto error = state.file.sync()) state.fail(error);
  }
  state.complete = true;
}

void check_run_file(const fs::path& path, Existing existing) {
  if (io::kind_of(path) != io::FileKind::hdf5) {
    throw InputError(path.string() + ": allowed is a name that ends in .h5 or .hdf5");
  }
  if (existing == Existing::refuse) refuse_existing(path);
  const bool there = is_there(path);
  if (existing != Existing::resume || !there) {
    io::check_writable(path, {".h5", ".hdf5"}, existing == Existing::replace);
  }
  if (there) io::open_locked(path);
}

}  // namespace stratem
