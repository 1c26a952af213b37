// Whether a run may write a file of this name.
#include <exception>
#include <optional>
#include <string>

#include "io/ending.hpp"
#include "io/locked_file.hpp"
#include "io/output_file.hpp"
#include "io/responses/responses_hdf5.hpp"
#include "io/runs/checked_responses.hpp"
#include "io/runs/checkpointed_file.hpp"
#include "io/runs/recorded_run.hpp"
#include "stratem/error.hpp"
#include "stratem/run_file.hpp"

namespace stratem {
namespace {

namespace fs = std::filesystem;

/// The models in an unfinished response file of a run, or nothing if the file is anything else.
std::optional<std::string> unfinished_run(const fs::path& path) {
  try {
    const io::hdf5::InputFile file(path);
    const auto recorded = io::read_run(file);
    if (!recorded || io::is_complete(file)) return std::nullopt;
    return io::progress_text(io::models_in(file), recorded->run.range.count);
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

}  // namespace

void check_run_file(const fs::path& path, Existing existing) {
  if (io::kind_of(path) != io::FileKind::hdf5) {
    throw InputError(path.string() + ": allowed is a name that ends in .h5 or .hdf5");
  }
  if (existing == Existing::refuse) refuse_existing(path);
  std::error_code error;
  const bool there = fs::exists(path, error);
  if (existing != Existing::resume || !there) {
    io::check_writable(path, {".h5", ".hdf5"}, existing == Existing::replace);
  }
  if (there) io::open_locked(path);
}

}  // namespace stratem
