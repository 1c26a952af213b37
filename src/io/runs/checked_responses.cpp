#include "io/runs/checked_responses.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "stratem/error.hpp"
#include "stratem/models.hpp"

namespace stratem::io {
namespace {

/// Number of blocks read at a time: several, so that their checksums are computed in parallel.
constexpr std::int64_t piece_blocks = 8;

[[noreturn]] void fail_damaged(const hdf5::InputFile& file, const std::string& what) {
  throw InputError(file.name() + ": " + what + ", the file is damaged");
}

Responses read_piece(const hdf5::InputFile& file, std::int64_t first, std::int64_t count,
                     std::int64_t gates) {
  Responses responses(0, gates);
  responses.models = count;
  responses.response = file.rows("response", first, count);
  for (const double value : file.rows("status", first, count)) {
    // A value that is not a status has no meaning, and its checksum is wrong.
    responses.status.push_back(static_cast<Status>(static_cast<std::uint8_t>(value)));
  }
  return responses;
}

std::vector<std::uint64_t> words_of(const hdf5::InputFile& file, const std::string& dataset,
                                    const hdf5::Shape& shape) {
  // Check this before memory is allocated, because a damaged shape may have any size.
  if (file.shape(dataset) != shape) fail_damaged(file, dataset + ": not of its shape");
  return file.words(dataset);
}

std::vector<std::uint64_t> read_checkpoint(const hdf5::InputFile& file) {
  auto checkpoint = words_of(file, "checkpoint", {3});
  if (checkpoint[0] > static_cast<std::uint64_t>(file.shape("status").front())) {
    fail_damaged(file, "checkpoint: more models than the file has room for");
  }
  return checkpoint;
}

/// The checksums as they were written. The checksum of an unfinished block is in the checkpoint.
class Written {
 public:
  explicit Written(const hdf5::InputFile& file)
      : checkpoint_(read_checkpoint(file)),
        checksum_(words_of(file, "checksum", {checksum_blocks(file.shape("status").front()), 2})) {}

  std::int64_t models() const { return static_cast<std::int64_t>(checkpoint_[0]); }
  BlockChecksum unfinished() const { return {checkpoint_[1], checkpoint_[2]}; }
  BlockChecksum block(std::int64_t index) const {
    const auto i = static_cast<std::size_t>(index) * 2;
    return {checksum_[i], checksum_[i + 1]};
  }

 private:
  std::vector<std::uint64_t> checkpoint_;
  std::vector<std::uint64_t> checksum_;
};

}  // namespace

ResponseOffsets response_offsets(const hdf5::InputFile& file) {
  return {file.offset("response"), file.offset("status"), file.offset("checkpoint"),
          file.offset("checksum")};
}

std::int64_t models_in(const hdf5::InputFile& file) {
  return static_cast<std::int64_t>(read_checkpoint(file)[0]);
}

BlockChecksums check_responses(const hdf5::InputFile& file,
                               const std::function<void(const Responses&)>& use) {
  const Written written(file);
  const std::int64_t gates = file.shape("response").back();
  BlockChecksums checksums;
  const auto fail = [&](std::int64_t block) {
    const std::int64_t first = block * checksum_block;
    fail_damaged(file, "response or status: not what was written for models " +
                           std::to_string(first) + " to " +
                           std::to_string(std::min(first + checksum_block, written.models()) - 1));
  };
  while (checksums.models() < written.models()) {
    const std::int64_t first = checksums.models();
    std::int64_t block = first / checksum_block;
    const auto piece = read_piece(
        file, first, std::min(piece_blocks * checksum_block, written.models() - first), gates);
    for (const auto& sum : checksums.add(piece)) {
      if (sum != written.block(block)) fail(block);
      ++block;
    }
    const bool last = checksums.models() == written.models();
    if (last && checksums.unfinished() != written.unfinished()) fail(block);
    use(piece);
  }
  return checksums;
}

}  // namespace stratem::io
