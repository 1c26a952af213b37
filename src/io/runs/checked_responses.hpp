// Reads the responses of a run's file and checks that they have not changed since they were
// written.
#pragma once

#include <cstdint>
#include <functional>

#include "io/hdf5/input_file.hpp"
#include "io/responses/block_checksums.hpp"
#include "stratem/responses.hpp"

namespace stratem::io {

/// The offsets in a run's file of the numbers that change while it is written.
struct ResponseOffsets {
  std::int64_t response = 0;
  std::int64_t status = 0;
  std::int64_t checkpoint = 0;
  std::int64_t checksum = 0;

  std::int64_t response_of(std::int64_t row, std::int64_t gates) const {
    return response + row * gates * static_cast<std::int64_t>(sizeof(double));
  }
  std::int64_t checksum_of(std::int64_t block) const {
    return checksum + block * static_cast<std::int64_t>(sizeof(BlockChecksum));
  }
};

/// The offsets in a file whose responses are not compressed.
ResponseOffsets response_offsets(const hdf5::InputFile& file);

/// The number of models that the file's checkpoint counts. Throws InputError if it is damaged.
std::int64_t models_in(const hdf5::InputFile& file);

/// Reads the models that the file's checkpoint counts, piece by piece and in order, and gives them
/// to `use` once their checksums are found to be right. Returns the checksums of all. Throws
/// InputError naming the models whose checksums are wrong.
BlockChecksums check_responses(const hdf5::InputFile& file,
                               const std::function<void(const Responses&)>& use);

}  // namespace stratem::io
