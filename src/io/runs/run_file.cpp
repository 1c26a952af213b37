#include "stratem/run_file.hpp"

#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "io/locked_file.hpp"
#include "io/responses/response_facts.hpp"
#include "io/responses/responses_hdf5.hpp"
#include "io/runs/checked_responses.hpp"
#include "io/runs/checkpointed_file.hpp"
#include "io/runs/same_run.hpp"
#include "stratem/error.hpp"
#include "stratem/version.hpp"

namespace stratem {
namespace {

namespace fs = std::filesystem;

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
  fs::path path;
  RunDescription run;
  RunFileOptions options;
  std::unique_ptr<io::CheckpointedFile> file;
  StatusCounts statuses;
  bool complete = false;

  void create();
  void resume();
  void append(const Responses& responses);
  void compress();
};

void RunFile::State::create() {
  const bool replace = options.existing == Existing::replace;
  io::Descriptor old;
  if (replace && is_there(path)) old = io::open_locked(path);
  io::ResponseFileHdf5(path, run, replace).appear_unwritten();
  auto locked = io::open_locked(path);
  const auto offsets = io::response_offsets(io::hdf5::InputFile(path));
  file = std::make_unique<io::CheckpointedFile>(path, std::move(locked), offsets,
                                                io::BlockChecksums(), run.range.count);
}

void RunFile::State::resume() {
  auto locked = io::open_locked(path);
  const io::hdf5::InputFile input(path);
  const auto recorded = io::read_run(input);
  if (!recorded) throw InputError(path.string() + ": is no response file of a run");
  if (const auto what = io::difference({run, version()}, *recorded)) {
    throw InputError(path.string() + ": is of another run: " + *what);
  }
  const ModelRange there = recorded->run.range;
  if (there.first != run.range.first || there.count != run.range.count) {
    throw InputError(path.string() + ": is of other models of the run: from model " +
                     std::to_string(there.first) + " on " + std::to_string(there.count) +
                     ", not from " + std::to_string(run.range.first) + " on " +
                     std::to_string(run.range.count));
  }
  run.attributes.faults = recorded->run.attributes.faults;
  complete = io::is_complete(input);
  const auto offsets = io::response_offsets(input);
  if (!complete && offsets.response < 0 && run.range.count > 0) {
    throw InputError(path.string() + ": response: not in one piece, the file is damaged");
  }
  const auto checksums = io::check_responses(input, [this](const Responses& responses) {
    for (const Status status : responses.status) statuses.add(status);
  });
  file = std::make_unique<io::CheckpointedFile>(path, std::move(locked), offsets, checksums,
                                                run.range.count);
}

void RunFile::State::append(const Responses& responses) {
  file->append(responses);
  for (const Status status : responses.status) statuses.add(status);
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
  if (!state_->complete) state_->file->checkpoint_every(options.checkpoint_seconds);
}

RunFile::~RunFile() {
  try {
    state_->file->checkpoint();
  } catch (const std::exception&) {
    return;  // the last checkpoint remains valid
  }
}

std::int64_t RunFile::done() const { return state_->file->done(); }

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

void RunFile::checkpoint() { state_->file->checkpoint(); }

void RunFile::record(const DeviceFaults& faults) {
  if (!faults.any()) return;
  state_->run.attributes.faults.add(faults);
  io::change_faults(state_->path, state_->run.attributes.faults);
}

void RunFile::finish() {
  State& state = *state_;
  if (state.complete) return;
  if (rest().count > 0) {
    throw InputError(state.path.string() + ": not complete: " +
                     io::progress_text(done(), state.run.range.count) + " are in it");
  }
  state.file->finish();
  if (state.options.compression > 0) {
    state.compress();
  } else {
    io::hdf5::change_attribute(state.path, "complete", std::uint8_t{1});
    state.file->sync();
  }
  state.complete = true;
}

}  // namespace stratem
