#include "io/responses/responses_hdf5.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "io/models/grid_hdf5.hpp"
#include "io/responses/response_facts.hpp"
#include "io/responses/response_words.hpp"
#include "stratem/error.hpp"

namespace stratem::io {
namespace {

/// Chunks of whole blocks, or of equal parts of a block, so that responses copied block by block
/// fill them. They are small enough that several fit into memory.
std::int64_t chunk_rows(std::int64_t models, std::int64_t row_bytes) {
  constexpr std::int64_t most_bytes = 1 << 20;
  std::int64_t rows = checksum_block;
  while (rows > 1 && rows * row_bytes > most_bytes) rows /= 2;
  return std::clamp<std::int64_t>(models, 1, rows);
}

const std::uint8_t* status_bytes(const Responses& responses) {
  return reinterpret_cast<const std::uint8_t*>(responses.status.data());
}

}  // namespace

std::array<std::uint64_t, checkpoint_words> checkpoint_of(std::int64_t models,
                                                          const BlockChecksum& unfinished) {
  return {static_cast<std::uint64_t>(models), unfinished.responses, unfinished.statuses};
}

ResponseFileHdf5::ResponseFileHdf5(const std::filesystem::path& path, std::int64_t models,
                                   const ResponseAttributes& attributes, bool overwrite)
    : file_(path, overwrite) {
  make_responses(models, attributes, {});
}

ResponseFileHdf5::ResponseFileHdf5(const std::filesystem::path& path, const RunDescription& run,
                                   bool overwrite, const ResponseStorage& storage)
    : file_(path, overwrite) {
  write_run(run);
  // Made before the responses, so that the checkpoint has space before the disk is full. Parts have
  // their own checkpoint.
  if (storage.parts.empty()) make_checksums(run.range.count);
  make_responses(run.range.count, run.attributes, storage);
}

void ResponseFileHdf5::make_responses(std::int64_t models, const ResponseAttributes& attributes,
                                      const ResponseStorage& storage) {
  write_gates(file_, attributes.system);
  write_attributes(file_, attributes);
  const std::int64_t gates = gate_count(attributes.system);
  if (storage.parts.empty()) {
    const auto row_bytes = gates * static_cast<std::int64_t>(sizeof(double));
    const auto stored = [&](std::int64_t bytes) -> hdf5::Storage {
      if (storage.compression == 0) return {};
      return {chunk_rows(models, bytes), storage.compression};
    };
    file_.create<std::uint8_t>("status", {models}, stored(1));
    file_.create<double>("response", {models, gates}, stored(row_bytes));
  } else {
    file_.create_virtual<std::uint8_t>("status", {models}, storage.parts);
    file_.create_virtual<double>("response", {models, gates}, storage.parts);
  }
  file_.attribute("units", response_units(attributes.system), "response");
  file_.attribute("meaning", status_meanings(), "status");
}

void ResponseFileHdf5::write_run(const RunDescription& run) {
  file_.attribute("options", run.options);
  file_.attribute("models", run.models);
  file_.attribute("first", run.range.first);
  file_.attribute("total", run.total);
  if (!run.axes.empty()) write_grid_axes(file_, run.axes);
}

void ResponseFileHdf5::make_checksums(std::int64_t models) {
  checksums_.emplace();
  file_.create<std::uint64_t>("checkpoint", {checkpoint_words});
  file_.attribute("meaning",
                  "models written; checksums of the responses and of the statuses behind the last "
                  "full block of " +
                      std::to_string(checksum_block),
                  "checkpoint");
  file_.create<std::uint64_t>("checksum", {checksum_blocks(models), 2});
  file_.attribute("meaning",
                  "checksums of the responses and of the statuses of each block of " +
                      std::to_string(checksum_block) + " models",
                  "checksum");
}

void ResponseFileHdf5::write(std::int64_t first, const Responses& responses) {
  file_.write_rows("response", first, responses.response.data(), responses.models);
  file_.write_rows("status", first, status_bytes(responses), responses.models);
  if (!checksums_) return;
  const std::int64_t block = checksums_->models() / checksum_block;
  write_checksums(block, checksums_->add(responses));
}

void ResponseFileHdf5::write_checksums(std::int64_t first_block,
                                       const std::vector<BlockChecksum>& sums) {
  std::vector<std::uint64_t> words;
  for (const auto& sum : sums) words.insert(words.end(), {sum.responses, sum.statuses});
  file_.write_rows("checksum", first_block, words.data(), static_cast<std::int64_t>(sums.size()));
}

void ResponseFileHdf5::finish() {
  if (checksums_) {
    const BlockChecksum& rest = checksums_->unfinished();
    const std::int64_t models = checksums_->models();
    if (models % checksum_block != 0) write_checksums(models / checksum_block, {rest});
    const auto mark = checkpoint_of(models, rest);
    file_.write_rows("checkpoint", 0, mark.data(), checkpoint_words);
  }
  // Written last, so that no half-written file has it.
  file_.attribute("complete", std::uint8_t{1});
  file_.commit();
}

void ResponseFileHdf5::appear_unwritten() {
  const auto mark = checkpoint_of(0, {});
  file_.write_rows("checkpoint", 0, mark.data(), checkpoint_words);
  file_.attribute("complete", std::uint8_t{0});
  file_.commit_reserved();
}

bool is_complete(const hdf5::InputFile& file) {
  return file.has_attribute("complete") && file.number_attribute("complete") == 1.0;
}

}  // namespace stratem::io
