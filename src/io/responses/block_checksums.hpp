// Checksums of consecutive responses and statuses, for each block of models.
#pragma once

#include <cstdint>
#include <vector>

#include "stratem/responses.hpp"

namespace stratem::io {

/// Models of a block.
inline constexpr std::int64_t checksum_block = 4096;

/// The checksums of the responses and of the statuses of a block's models.
struct BlockChecksum {
  std::uint64_t responses = 0;
  std::uint64_t statuses = 0;
  bool operator==(const BlockChecksum&) const = default;
};

/// Number of blocks of `models` models. The last block may be incomplete.
constexpr std::int64_t checksum_blocks(std::int64_t models) {
  return (models + checksum_block - 1) / checksum_block;
}

class BlockChecksums {
 public:
  /// Adds the next models. Returns the checksums of the blocks that are full now. The responses
  /// must belong to whole models.
  std::vector<BlockChecksum> add(const Responses& responses);

  std::int64_t models() const { return models_; }
  /// The checksums of the models after the last full block.
  const BlockChecksum& unfinished() const { return unfinished_; }

 private:
  std::int64_t models_ = 0;
  BlockChecksum unfinished_;
};

}  // namespace stratem::io
