// Joins parts of a run that were computed separately.
#include <algorithm>
#include <string>
#include <utility>

#include "io/responses/responses_hdf5.hpp"
#include "io/runs/checked_responses.hpp"
#include "io/runs/same_run.hpp"
#include "stratem/error.hpp"
#include "stratem/run_file.hpp"

namespace stratem {
namespace {

namespace fs = std::filesystem;

struct Part {
  fs::path path;
  io::RecordedRun recorded;

  std::int64_t first() const { return recorded.run.range.first; }
  std::int64_t count() const { return recorded.run.range.count; }
  std::int64_t end() const { return first() + count(); }
};

Part read_part(const fs::path& path) {
  const io::hdf5::InputFile file(path);
  const auto recorded = io::read_run(file);
  if (!recorded) throw InputError(file.name() + ": is no response file of a run");
  if (!io::is_complete(file)) {
    throw InputError(file.name() + ": not complete: the run that wrote it did not come to its end");
  }
  return {path, *recorded};
}

std::string models_text(std::int64_t first, std::int64_t end) {
  return end - first == 1 ? "model " + std::to_string(first)
                          : "models " + std::to_string(first) + " to " + std::to_string(end - 1);
}

/// The parts in the order of their models. They are checked to belong together and to be complete.
std::vector<Part> read_parts(const std::vector<fs::path>& paths) {
  std::vector<Part> parts;
  for (const auto& path : paths) {
    parts.push_back(read_part(path));
    if (const auto what = io::difference(parts.back().recorded, parts.front().recorded)) {
      throw InputError(path.string() + ": is of another run than " + paths.front().string() + ": " +
                       *what);
    }
  }
  std::ranges::stable_sort(parts, {},
                           [](const Part& part) { return std::pair(part.first(), part.count()); });
  return parts;
}

void check_parts(const std::vector<Part>& parts) {
  const auto missing = [](std::int64_t first, std::int64_t end) {
    throw InputError("merge: " + models_text(first, end) + " of the run are in none of the parts");
  };
  std::int64_t next = 0;
  const Part* before = nullptr;
  for (const auto& part : parts) {
    if (part.first() > next) missing(next, part.first());
    if (part.first() < next && part.count() > 0) {
      throw InputError(part.path.string() + ": overlaps " + before->path.string() + ": both have " +
                       models_text(part.first(), std::min(next, part.end())));
    }
    next += part.count();
    before = &part;
  }
  const std::int64_t total = parts.front().recorded.run.total;
  if (next < total) missing(next, total);
}

void check_not_a_part(const fs::path& whole, const std::vector<fs::path>& parts) {
  for (const auto& part : parts) {
    std::error_code error;
    if (fs::equivalent(whole, part, error)) {
      throw InputError(whole.string() + ": is both read and written");
    }
  }
}

/// The name by which the merged file refers to a part: its path relative to the merged file's
/// folder, so that all files may be moved together. HDF5 takes a single % for the beginning of a
/// placeholder.
std::string name_from(const fs::path& whole, const fs::path& part) {
  const auto folder = fs::absolute(whole).parent_path();
  std::string name;
  for (const char c : fs::proximate(fs::absolute(part), folder).string()) {
    name += c == '%' ? std::string("%%") : std::string(1, c);
  }
  return name;
}

}  // namespace

std::int64_t merge_runs(const std::vector<fs::path>& paths, const fs::path& whole,
                        const MergeOptions& options) {
  if (paths.empty()) throw InputError("merge: no parts, allowed is at least one");
  if (options.virtual_datasets && options.compression > 0) {
    throw InputError("compress: responses in other files cannot be compressed");
  }
  check_not_a_part(whole, paths);
  const auto parts = read_parts(paths);
  check_parts(parts);

  RunDescription run = parts.front().recorded.run;
  run.range = {0, run.total};
  run.attributes.faults = {};
  for (const auto& part : parts) run.attributes.faults.add(part.recorded.run.attributes.faults);
  io::ResponseStorage storage{.compression = options.compression};
  if (options.virtual_datasets) {
    for (const auto& part : parts) {
      storage.parts.push_back({name_from(whole, part.path), part.first(), part.count()});
    }
  }
  io::ResponseFileHdf5 file(whole, run, options.overwrite, storage);
  if (!options.virtual_datasets) {
    std::int64_t next = 0;
    for (const auto& part : parts) {
      io::check_responses(io::hdf5::InputFile(part.path), [&](const Responses& responses) {
        file.write(next, responses);
        next += responses.models;
      });
    }
  }
  file.finish();
  return run.total;
}

}  // namespace stratem
